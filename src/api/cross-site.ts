/** No other site may make a browser change anything here in the name of who is signed in. */
import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from './api-error.ts'

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface Asked {
  method: string
  headers: IncomingHttpHeaders
}

/**
 * Throws PermissionDenied. A page of another site can have a browser send a form, but not JSON, and cannot say that it is
 * ours in `Origin`. Programs that send no Origin are not browsers.
 */
export function refuseCrossSite({ method, headers }: Asked, byCookie: boolean): void {
  if (reading.has(method)) return
  if (byCookie && !isJson(headers['content-type'])) {
    throw new ApiError('InvalidArgument', 'a change needs the header Content-Type: application/json', { status: 415 })
  }
  if (headers.origin !== undefined && !isSameOrigin(headers)) {
    throw new ApiError('PermissionDenied', `requests from ${headers.origin} are not accepted`)
  }
}

/** Also for WebSockets, which browsers open to any site. */
export function isSameOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  try {
    return new URL(origin ?? '').host === host
  } catch {
    return false
  }
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}
