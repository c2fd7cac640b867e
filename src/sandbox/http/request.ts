/** One request, read to its end, before anything is known of what it asks for. */
import type { User } from '../lifecycle/cluster.ts'

export interface ApiRequest {
  method: string
  /** Without the query. */
  path: string
  query: URLSearchParams
  headers: Record<string, string | string[] | undefined>
  body: string
  user: User
  /** Texts for the Warning headers, gathered on the way to the answer, or to a refusal. */
  warnings: string[]
}

/** The first value of a header, '' when it is absent. */
export function header({ headers }: ApiRequest, name: string): string {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** The media type of the body, without its parameters. */
export function mediaType(request: ApiRequest): string {
  return header(request, 'content-type').split(';')[0]?.trim() ?? ''
}
