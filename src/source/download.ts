/** Fetches files over HTTP: capped, timed, and checked at every redirect against this machine's own doors. */
import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { messageOf, type RepositoryConnection, StageError, withoutPassword } from '../model/index.ts'
import { noTracer, type Tracer } from '../trace/index.ts'
import { masked } from './masked.ts'
import { checkPublic, isPrivateIp, privateAdvice } from './private-network.ts'
import { checkProxy, checkReachable, isLocalIp, parseAddress } from './repository-address.ts'

export interface DownloadOptions {
  headers?: Record<string, string>
  /** Bytes of the body. */
  limit: number
  /** With an empty body; GET unless given. */
  method?: 'GET' | 'HEAD' | 'POST'
  /** One minute unless told otherwise. */
  timeLimitMs?: number
  /** Whether a host may be one of a private network; without it, every host may. Asked anew of each redirect. */
  admitsPrivate?(host: string): boolean
}

export interface Download {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** Who answered in the end, after redirects. */
  url: string
}

export interface Downloader {
  /** Answers of every status; throws a StageError when there is no answer, or too large a one. */
  get(url: string, options: DownloadOptions): Promise<Download>
  /** The same for sending a text; redirects are answers. */
  post(url: string, text: string, options: DownloadOptions): Promise<Download>
  close(): Promise<void>
}

const redirectLimit = 5
const defaultTimeLimitMs = 60_000
/** A body that comes in more slowly is given up, as git does it: so many bytes in so many milliseconds. */
const slowest = { bytes: 20_000, ms: 20_000 }
const slowness = 'check whether its host is overloaded, or a firewall or proxy stands in between'

export interface DownloaderOptions {
  allowLocal: boolean
  /** How the host of `origin` is reached; every other host is reached as if there were none. */
  connection?: RepositoryConnection
  origin?: string
  /** PEM of those that are trusted for an address, in the place of the system's. */
  authoritiesOf?(url: string): string | undefined
  tracer?: Tracer
}

export function openDownloader(options: DownloaderOptions): Downloader {
  const { allowLocal, connection = {}, origin = '', authoritiesOf = () => undefined, tracer = noTracer } = options
  const usual = openDispatcher(allowLocal, process.env)
  const outer = openDispatcher(allowLocal, process.env, { onlyPublic: true })
  const own = differs(connection) ? openDispatcher(allowLocal, proxyOf(connection), { connection }) : usual
  const trusting = new Map<string, Dispatcher>()
  const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')

  async function get(url: string, options: DownloadOptions): Promise<Download> {
    let at = url
    let headers = options.headers ?? {}
    for (let redirects = 0; redirects <= redirectLimit; redirects++) {
      await check(at, options)
      const answer = await attempt(at, { ...options, headers })
      const location = answer.headers.location
      if (answer.status < 300 || answer.status > 399 || typeof location !== 'string') return answer
      const next = new URL(location, at)
      // Credentials are for the host that asked for them, and only in the way that it asked.
      if (next.origin !== originOf(at)) headers = withoutCredentials(headers)
      at = next.href
    }
    throw failure(url, 'answers with too many redirects', false)
  }

  async function post(url: string, text: string, options: DownloadOptions): Promise<Download> {
    await check(url, options)
    return attempt(url, { ...options, method: 'POST' }, text)
  }

  const mayBePrivate = (url: string, { admitsPrivate }: DownloadOptions): boolean =>
    allowLocal || !admitsPrivate || admitsPrivate(new URL(url).hostname.replace(/^\[|\]$/g, ''))

  async function check(url: string, options: DownloadOptions): Promise<void> {
    const address = parseAddress(url)
    if (address.transport !== 'http') throw failure(url, 'is not an http or https address', false)
    await checkReachable(address, allowLocal)
    if (!mayBePrivate(url, options)) await checkPublic(url)
    if (originOf(url) === originOf(origin)) await checkProxy(connection.proxy, allowLocal)
  }

  /** Paths and queries may hold tokens: the host is told. */
  function attempt(url: string, options: DownloadOptions, text?: string): Promise<Download> {
    const { method = 'GET' } = options
    const about = { 'http.request.method': method, 'server.address': new URL(url).host }
    return tracer.request(method, about, async (span) => {
      const answer = await attemptOnce(url, options, text)
      span.set({ 'http.response.status_code': answer.status })
      return answer
    })
  }

  async function attemptOnce(url: string, options: DownloadOptions, text?: string): Promise<Download> {
    const { headers = {}, limit, method = 'GET', timeLimitMs = defaultTimeLimitMs } = options
    const timeout = AbortSignal.timeout(timeLimitMs)
    const stalled = new AbortController()
    try {
      const response = await request(url, {
        method,
        headers: { 'user-agent': 'tiphys', ...headers },
        ...(text !== undefined && { body: text }),
        dispatcher: dispatcherFor(url, options),
        signal: AbortSignal.any([timeout, stalled.signal]),
      })
      const body = await readBody(response.body, { limit, stalled })
      if (!body) throw tooLarge(url, limit)
      return { status: response.statusCode, headers: response.headers, body, url }
    } catch (error) {
      if (error instanceof StageError) throw error
      throw failure(url, whyNot(error), true, error)
    }

    function whyNot(error: unknown): string {
      if (timeout.aborted) return `did not come in full within ${timeLimitMs / 1000} s: ${slowness}`
      if (stalled.signal.aborted) {
        return `comes in too slowly, with less than ${slowest.bytes / 1000} kB in ${slowest.ms / 1000} s: ${slowness}`
      }
      const { proxy, noProxy = '' } = connection
      const isBehind = proxy && originOf(url) === originOf(origin) && !goesPast(noProxy, new URL(url).hostname)
      const way = isBehind ? ` through its proxy ${withoutPassword(proxy)}` : ''
      return `cannot be fetched${way}: ${masked(reason(error), connection)}`
    }
  }

  function dispatcherFor(url: string, options: DownloadOptions): Dispatcher {
    if (originOf(url) === originOf(origin)) return own
    const onlyPublic = !mayBePrivate(url, options)
    const authorities = authoritiesOf(url)
    if (!authorities) return onlyPublic ? outer : usual
    const key = `${onlyPublic} ${authorities}`
    const known =
      trusting.get(key) ?? openDispatcher(allowLocal, process.env, { connection: { authorities }, onlyPublic })
    trusting.set(key, known)
    return known
  }

  return {
    get,
    post,
    async close() {
      await Promise.all([...new Set([usual, outer, own, ...trusting.values()])].map((dispatcher) => dispatcher.close()))
    },
  }
}

function differs({ insecure, authorities, clientCertificate, proxy }: RepositoryConnection): boolean {
  return [insecure, authorities, clientCertificate, proxy].some(Boolean)
}

/** A proxy of the repository's own takes the place of that of this machine. */
function proxyOf({ proxy, noProxy }: RepositoryConnection): Environment {
  return proxy ? { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: noProxy } : process.env
}

/** Whether a host is among those that no proxy stands before. */
function goesPast(noProxy: string, host: string): boolean {
  const names = noProxy.split(/[,\s]+/).map((name) => name.replace(/:\d+$/, '').replace(/^\*?\./, ''))
  return names.some((name) => name !== '' && (name === '*' || host === name || host.endsWith(`.${name}`)))
}

type Environment = Record<string, string | undefined>

interface DispatcherOptions {
  connection?: RepositoryConnection
  onlyPublic?: boolean
}

function openDispatcher(
  allowLocal: boolean,
  env: Environment,
  { connection = {}, onlyPublic = false }: DispatcherOptions = {},
): Dispatcher {
  const tls = tlsOptions(connection)
  const [httpProxy, httpsProxy, noProxy] = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].map(
    (name) => env[name] || env[name.toLowerCase()] || '',
  )
  if (httpProxy || httpsProxy) {
    return new EnvHttpProxyAgent({
      httpProxy,
      httpsProxy,
      noProxy,
      requestTls: tls,
      connect: { timeout: 10_000, ...tls },
    })
  }
  if (allowLocal) return new Agent({ connect: { timeout: 10_000, ...tls } })
  return new Agent({
    connect: {
      timeout: 10_000,
      ...tls,
      lookup: checkedLookup(onlyPublic),
    },
  })
}

/** Names are checked again when they are connected to: what they lead to may have changed since. */
export function checkedLookup(onlyPublic: boolean, resolve: typeof lookup = lookup): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      const refused = refusalOf(hostname, addresses ?? [], onlyPublic) ?? error
      if (refused || !first || options.all) callback(refused, addresses)
      else callback(null, first.address, first.family)
    })
}

function refusalOf(hostname: string, addresses: LookupAddress[], onlyPublic: boolean): Error | undefined {
  const local = addresses.find(({ address }) => isLocalIp(address))
  if (local) return new Error(`${hostname} leads to ${local.address} on this machine or link`)
  const inner = onlyPublic ? addresses.find(({ address }) => isPrivateIp(address)) : undefined
  return inner && new Error(`${hostname} leads to ${inner.address}: ${privateAdvice}`)
}

function tlsOptions({ insecure, authorities, clientCertificate }: RepositoryConnection) {
  return {
    ...(insecure && { rejectUnauthorized: false }),
    ...(authorities && { ca: authorities }),
    ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
  }
}

async function readBody(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  { limit, stalled }: { limit: number; stalled: AbortController },
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  let before = 0
  const timer = setInterval(() => {
    if (size - before < slowest.bytes) stalled.abort()
    before = size
  }, slowest.ms)
  try {
    for await (const chunk of body) {
      size += chunk.length
      if (size > limit) {
        body.destroy()
        return undefined
      }
      chunks.push(chunk)
    }
  } finally {
    clearInterval(timer)
  }
  return Buffer.concat(chunks)
}

function tooLarge(url: string, limit: number): StageError {
  const most = `${Math.round(limit / 1024 / 1024)} MB, which is the most that is read`
  return failure(url, `is larger than ${most}: check the address; if it is right, have what is there divided`, false)
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

const untrusted = 'its certificate is signed by an authority that is not trusted: add it to argocd-tls-certs-cm'
const unanswered = `its host does not answer: ${slowness}`
const cutOff = 'its host has closed the connection: check that the address is right, and that the host is well'
/** By the code of the failure. */
const explanations: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired and has to be renewed there',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: check the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: check repoURL',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  ENOTFOUND: 'its host name is not known: check the address, and the DNS',
  EAI_AGAIN: 'its host name cannot be looked up now: check the DNS',
  ECONNREFUSED: 'nobody answers at that address: check it, and whether the host is up',
  EHOSTUNREACH: 'no way leads to its host: check the address, and the network',
  ENETUNREACH: 'no way leads to its host: check the address, and the network',
  ETIMEDOUT: unanswered,
  UND_ERR_CONNECT_TIMEOUT: unanswered,
  UND_ERR_HEADERS_TIMEOUT: unanswered,
  ECONNRESET: cutOff,
  UND_ERR_SOCKET: cutOff,
}

function reason(error: unknown): string {
  const { cause, code } = (error instanceof Error ? error : {}) as { cause?: unknown; code?: string }
  const said = messageOf(error) || messageOf(cause)
  const status = /Proxy response \((\d+)\)/.exec(said)?.[1]
  if (status) return `that answers ${status}: check proxy of the repository, and the name and password in it`
  return explanations[code ?? ''] ?? said
}

function failure(url: string, what: string, retry: boolean, cause?: unknown): StageError {
  return new StageError('source', `${withoutPassword(url)} ${what}`, { retry, cause })
}
