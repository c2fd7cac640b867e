/** Carries requests to receivers: within a time, never to this machine or link unless allowed, and no further than the address says. */
import { request } from 'undici'
import { messageOf } from '../../model/index.ts'
import { deadlineIn } from '../../process/deadline.ts'
import { type ConnectionOptions, isRefusal, openConnections } from './connections.ts'
import { DeliveryError, unusable } from './delivery-error.ts'

export interface HttpRequest {
  url: string
  method: string
  headers?: Record<string, string>
  body?: string
  /** The receiver's certificate is not checked. */
  insecure?: boolean
  /** Besides those of success; the answer is the caller's to judge. */
  accepts?: (status: number) => boolean
  /** Bytes of the answer that are read; some thousands unless told otherwise. */
  longestAnswer?: number
}

export interface HttpAnswer {
  status: number
  text: string
}

export interface Courier {
  /** Throws a DeliveryError for what is no success. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>
  /** Throws for a host that is this machine or link; the addresses to connect to otherwise. */
  permitHost(host: string): Promise<void>
  /** PEM of those that are trusted for a host, in the place of the system's. */
  authoritiesOf(host: string): string | undefined
  close(): Promise<void>
}

const usualAnswer = 64 * 1024

export function openCourier(options: ConnectionOptions): Courier {
  const { timeLimitMs, authoritiesOf = () => undefined } = options
  const connections = openConnections(options)
  return {
    async send({ url, method, headers = {}, body, insecure = false, accepts, longestAnswer = usualAnswer }, signal) {
      const address = addressOf(url)
      const limit = deadlineIn(timeLimitMs, signal)
      try {
        const dispatcher = await connections.to(address, { insecure })
        const response = await request(address, {
          method: method as 'POST',
          // A copy: the agent for proxies writes the host into what it is given.
          headers: { ...headers },
          ...(body !== undefined && { body }),
          dispatcher,
          signal: limit.signal,
        })
        const text = await beginning(response.body, longestAnswer)
        const { statusCode: status } = response
        if (status < 300 || accepts?.(status)) return { status, text }
        throw refusedBy(address.host, { status, text, retryAfter: response.headers['retry-after'] })
      } catch (error) {
        throw unreachable(address.host, error, limit.hasPassed() ? timeLimitMs : undefined)
      } finally {
        limit.clear()
      }
    },
    permitHost: connections.permitHost,
    authoritiesOf: (host) => authoritiesOf(`https://${host}`),
    close: connections.close,
  }
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !['http:', 'https:'].includes(address.protocol)) {
    throw unusable('the address of the receiver is no http or https address: look at the configuration of the service')
  }
  return address
}

async function beginning(body: AsyncIterable<Buffer>, longest: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= longest) break
  }
  return Buffer.concat(chunks).subarray(0, longest).toString('utf8')
}

interface Refused {
  status: number
  text: string
  retryAfter: string | string[] | undefined
}

/** Only the host is told: paths and queries of such addresses hold secrets. */
function refusedBy(host: string, { status, text, retryAfter }: Refused): DeliveryError {
  if (status >= 300 && status < 400) {
    throw unusable(`${host} answers with a redirect, which is not followed: give the service the final address`)
  }
  const shown = text.slice(0, usualAnswer).trim()
  const retryAfterMs = waitOf([retryAfter].flat()[0])
  return new DeliveryError(`${host} answered ${status}${shown === '' ? '' : `: ${shown}`}`, {
    // GitHub answers 403 to who asks too often.
    retry: status >= 500 || status === 429 || status === 408 || retryAfterMs !== undefined,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

function unreachable(host: string, error: unknown, timeLimitMs: number | undefined): DeliveryError {
  if (error instanceof DeliveryError) return error
  const message = messageOf(error)
  const why = timeLimitMs === undefined ? message : `no answer within ${timeLimitMs / 1000} s`
  if (isRefusal(error)) return new DeliveryError(`${host}: ${message}`, { retry: false, cause: error })
  return new DeliveryError(`${host}: ${why}: ${adviceOn(error)}`, { retry: true, cause: error })
}

const certificateFault = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/

function adviceOn(error: unknown): string {
  const { code = '' } = error as { code?: string }
  if (certificateFault.test(code)) return 'add its authority to argocd-tls-certs-cm under the name of the host'
  if (code === 'ERR_INVALID_URL' || /^Proxy (response|Auth)/i.test(messageOf(error)))
    return 'check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of Tiphys, and the name and password in them'
  return 'check that the receiver runs, and that the network leads there'
}
