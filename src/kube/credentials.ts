/** What it takes to speak to one cluster, whatever it was read from. */

export interface Certificate {
  /** PEM. */
  cert: string
  key: string
}

export type Headers = Record<string, string | string[]>

export interface Authentication {
  headers: Headers
  certificate?: Certificate
}

export interface ClusterCredentials {
  /** The context or the cluster's name, for people. */
  name: string
  /** Base URL; may have a path. */
  server: string
  /** PEM; the system's authorities when absent. */
  ca?: string
  /** Name in the server's certificate, where it differs from the URL's. */
  serverName?: string
  insecure?: boolean
  proxyUrl?: string
  /** Namespace of the context, where it names one. */
  namespace?: string
  /** Asked before each request; cheap unless something expired, or `renew` says that the server refused the last one. */
  authenticate(options?: { renew?: boolean }): Promise<Authentication>
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

export function basicHeader(username: string, password: string): Headers {
  return { authorization: `Basic ${base64(`${username}:${password}`)}` }
}

export function bearerHeader(token: string): Headers {
  return { authorization: `Bearer ${token}` }
}
