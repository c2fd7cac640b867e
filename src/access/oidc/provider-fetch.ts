/** Requests to a provider: encrypted, timed, capped, and never redirected. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch as send } from 'undici'
import { messageOf } from '../../model/index.ts'
import { isConfidential, isLoopback } from './own-urls.ts'
import { SsoError } from './sso-error.ts'

export interface RequestInit {
  method?: string
  headers?: Record<string, string> | Headers
  body?: unknown
  signal?: AbortSignal | undefined
}
export type ProviderFetch = (url: string, init: RequestInit) => Promise<Response>

export interface Reach {
  rootCa?: string | undefined
  insecureSkipVerify?: boolean
  timeoutMs?: number
  /** Bytes of an answer. */
  limit?: number
}

const defaultTimeoutMs = 10_000
/** Keys and claims are some kilobytes. */
const defaultLimit = 1024 * 1024

export interface ProviderDoor {
  fetch: ProviderFetch
  close(): Promise<void>
}

/** Every failure is an SsoError `unavailable` that says which address did what. */
export function openProviderDoor(reach: Reach = {}): ProviderDoor {
  const { timeoutMs = defaultTimeoutMs, limit = defaultLimit } = reach
  const direct = new Agent({ connect: trust(reach) })
  const proxied = proxyFor(reach)

  async function request(url: string, init: RequestInit): Promise<Response> {
    const address = new URL(url)
    if (!isConfidential(address)) throw unavailable(url, 'is not encrypted: http is for loopback only')
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await send(url, {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers).entries()),
        body: (init.body as string | undefined) ?? null,
        redirect: 'manual',
        dispatcher: isLoopback(address) ? direct : (proxied ?? direct),
        signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
      })
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel()
        throw unavailable(url, 'answers with a redirect, which is not followed: issuer has to be its final address')
      }
      const body = await readCapped(response.body, limit)
      if (!body) throw unavailable(url, `answers with more than ${limit} bytes`)
      return new Response(response.status === 204 ? null : new Uint8Array(body), {
        status: response.status,
        headers: [...response.headers],
      })
    } catch (error) {
      if (error instanceof SsoError) throw error
      throw unavailable(url, timeout.aborted ? `did not answer within ${timeoutMs / 1000} s` : reasonOf(error), error)
    }
  }

  return {
    fetch: request,
    async close() {
      await Promise.all([direct.destroy(), proxied?.destroy()])
    },
  }
}

function trust({ rootCa, insecureSkipVerify = false }: Reach) {
  return {
    timeout: defaultTimeoutMs,
    ...(rootCa && { ca: rootCa }),
    ...(insecureSkipVerify && { rejectUnauthorized: false }),
  }
}

function proxyFor(reach: Reach): Dispatcher | undefined {
  const isWanted = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some((name) => process.env[name])
  return isWanted ? new EnvHttpProxyAgent({ connect: trust(reach), requestTls: trust(reach) }) : undefined
}

async function readCapped(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    // Leaving the loop ends the connection.
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const certificateFault = /certificate|CERT|self.signed/

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const { code = '' } = cause as { code?: string }
  const reason = messageOf(cause) || code
  return certificateFault.test(`${code} ${reason}`)
    ? `has a certificate that is not trusted (${reason}): put its CA into rootCA of oidc.config`
    : `cannot be reached: ${reason}`
}

function unavailable(url: string, what: string, cause?: unknown): SsoError {
  const { origin, pathname } = new URL(url)
  return new SsoError('unavailable', `the provider's ${origin}${pathname} ${what}`, { cause })
}
