/** Fetches files over HTTP: capped, timed, and checked at every redirect against this machine's own doors. */
import { lookup } from 'node:dns'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { messageOf, StageError } from '../model/index.ts'
import { checkReachable, isLocalIp, parseAddress, withoutPassword } from './repository-address.ts'

export interface DownloadOptions {
  headers?: Record<string, string>
  /** Bytes of the body. */
  limit: number
}

export interface Download {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export interface Downloader {
  /** Answers of every status; throws a StageError when there is no answer, or too large a one. */
  get(url: string, options: DownloadOptions): Promise<Download>
  close(): Promise<void>
}

const redirectLimit = 5
const timeLimitMs = 60_000

export function openDownloader({ allowLocal }: { allowLocal: boolean }): Downloader {
  const dispatcher = openDispatcher(allowLocal)

  async function get(url: string, options: DownloadOptions): Promise<Download> {
    let at = url
    let headers = options.headers ?? {}
    for (let redirects = 0; redirects <= redirectLimit; redirects++) {
      await check(at)
      const answer = await attempt(at, { ...options, headers })
      const location = answer.headers.location
      if (answer.status < 300 || answer.status > 399 || typeof location !== 'string') return answer
      const next = new URL(location, at)
      // Credentials are for the host that asked for them.
      if (next.host !== new URL(at).host) headers = withoutCredentials(headers)
      at = next.href
    }
    throw failure(url, 'answers with too many redirects', false)
  }

  async function check(url: string): Promise<void> {
    const address = parseAddress(url)
    if (address.transport !== 'http') throw failure(url, 'is not an http or https address', false)
    await checkReachable(address, allowLocal)
  }

  async function attempt(url: string, { headers = {}, limit }: DownloadOptions): Promise<Download> {
    const timeout = AbortSignal.timeout(timeLimitMs)
    try {
      const response = await request(url, {
        headers: { 'user-agent': 'tiphys', ...headers },
        dispatcher,
        signal: timeout,
      })
      const body = await readBody(response.body, limit)
      if (!body) throw failure(url, `has more than ${limit} bytes, which is the most that is read`, false)
      return { status: response.statusCode, headers: response.headers, body }
    } catch (error) {
      if (error instanceof StageError) throw error
      const why = timeout.aborted ? `took longer than ${timeLimitMs / 1000} s` : `cannot be fetched: ${reason(error)}`
      throw failure(url, why, true, error)
    }
  }

  return { get, close: () => dispatcher.close() }
}

/** Names are checked again when they are connected to: what they lead to may have changed since. */
function openDispatcher(allowLocal: boolean): Dispatcher {
  const proxied = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some((name) => process.env[name])
  if (proxied) return new EnvHttpProxyAgent()
  if (allowLocal) return new Agent({ connect: { timeout: 10_000 } })
  return new Agent({
    connect: {
      timeout: 10_000,
      lookup: (hostname, options, callback) =>
        lookup(hostname, { ...options, all: true }, (error, addresses) => {
          const local = addresses?.find(({ address }) => isLocalIp(address))
          const refused = local ? new Error(`${hostname} leads to ${local.address} on this machine or link`) : error
          const [first] = addresses ?? []
          if (refused || !first || options.all) callback(refused, addresses)
          else callback(null, first.address, first.family)
        }),
    },
  })
}

async function readBody(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) {
      body.destroy()
      return undefined
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return messageOf(error) || messageOf(cause)
}

function failure(url: string, what: string, retry: boolean, cause?: unknown): StageError {
  return new StageError('source', `${withoutPassword(url)} ${what}`, { retry, cause })
}
