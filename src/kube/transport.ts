/** HTTP to one cluster: one pool of connections, authentication, and patience with servers that ask for it. */
import type { Duplex } from 'node:stream'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { parseJson, stringifyJson } from '../model/index.ts'
import { noTracer, type Tracer } from '../trace/index.ts'
import { backoff, type Clock } from './clock.ts'
import type { Authentication, Certificate, ClusterCredentials } from './credentials.ts'
import { type Guard, guardedDispatcher } from './guard.ts'
import { errorOfAnswer, KubeError } from './kube-error.ts'
import { requestUpgrade, type Upgraded } from './upgrade.ts'

export interface Call {
  /** The Kubernetes verb, for the counters. */
  verb: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: URLSearchParams
  accept?: string
  body?: unknown
  contentType?: string
  /** In whose name, where that is not our own. */
  user?: string
  signal?: AbortSignal
  /** Time without a byte after which the answer is given up; 0: never. */
  silenceMs?: number
  /** 1: the caller repeats by itself. */
  attempts?: number
  /** Asked as the request leaves, at each try. */
  guard?: Guard
}

export interface UpgradeCall extends Call {
  /** What to, such as `websocket`, and the headers that belong to that. */
  upgrade: string
  headers: Record<string, string>
}

export interface Transport {
  /** Answers sent or refused so far, by verb. */
  readonly requests: Record<string, number>
  /** The parsed body of a good answer; KubeError for any other. */
  json(call: Call): Promise<unknown>
  /** The body of a good answer as it comes in. */
  stream(call: Call): Promise<AsyncIterable<Buffer>>
  /** The connection of a request that the server has agreed to upgrade. */
  upgrade(call: UpgradeCall): Promise<Upgraded>
  /** When the server last answered anything, in milliseconds since the epoch; 0: never. */
  heard(): number
  /** Ends what is under way with this error and refuses what comes with it, but for heartbeats; undefined: no longer. */
  obstruct(error: KubeError | undefined): void
  /** Goes on with other credentials, over new connections. */
  change(credentials: ClusterCredentials): void
  close(): Promise<void>
}

export interface TransportOptions {
  clock: Clock
  /** Between 0 and 1. */
  random: () => number
  /** Time without a byte after which an answer is given up, unless the call says otherwise. */
  silenceMs?: number
  tracer?: Tracer
}

/** The verb of the requests that only ask whether the server is there. */
export const heartbeat = 'heartbeat'

const usualSilenceMs = 60_000
const usualAttempts = 5
/** More wait for a free one: a thousand applies at once must not open a thousand connections. */
const connections = 64

export function openTransport(first: ClusterCredentials, options: TransportOptions): Transport {
  const { clock, random, silenceMs = usualSilenceMs, tracer = noTracer } = options
  let credentials = first
  let host = hostOf(first)
  const requests: Record<string, number> = {}
  const agents = agentsFor(() => credentials)
  const sockets = new Set<Duplex>()
  let heard = 0
  let obstacle: KubeError | undefined

  async function send(call: Call, kind: AgentKind): Promise<Dispatcher.ResponseData> {
    return authenticated(call, async (authentication) => {
      const agent = agents.get(kind, authentication.certificate)
      const answer = await (call.guard ? guardedDispatcher(agent, call.guard) : agent).request({
        ...requestOf(call, authentication),
        body: call.body === undefined ? undefined : stringifyJson(call.body),
        signal: call.signal,
      })
      heard = clock.now()
      if (answer.statusCode >= 300) throw await refusal(answer)
      return answer
    })
  }

  async function upgrade(call: UpgradeCall): Promise<Upgraded> {
    const upgraded = await authenticated(call, (authentication) => {
      const { headers, ...request } = requestOf(call, authentication)
      const options = { ...request, headers: { ...headers, ...call.headers }, upgrade: call.upgrade }
      return requestUpgrade(agents.get('streams', authentication.certificate), options, call.signal)
    })
    // It no longer belongs to its agent, which will not close it.
    const { socket } = upgraded
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    return upgraded
  }

  /** Once more with new credentials when the server does not take the first ones. */
  async function authenticated<Answer>(call: Call, ask: (authentication: Authentication) => Promise<Answer>) {
    if (obstacle && call.verb !== heartbeat) throw obstacle
    const first = await authenticationOf(credentials, false)
    count(call)
    try {
      return await ask(first)
    } catch (error) {
      if (!(error instanceof KubeError) || error.code !== 401) throw error
    }
    const renewed = await authenticationOf(credentials, true)
    count(call)
    return ask(renewed)
  }

  function count({ verb }: Call): void {
    requests[verb] = (requests[verb] ?? 0) + 1
  }

  function requestOf(call: Call, authentication: Authentication) {
    const silence = call.silenceMs ?? silenceMs
    const base = new URL(credentials.server)
    return {
      origin: base.origin,
      path: `${base.pathname.replace(/\/+$/, '')}${call.path}${call.query?.size ? `?${call.query}` : ''}`,
      method: call.method,
      headers: headersOf(call, authentication),
      headersTimeout: silence,
      bodyTimeout: silence,
    }
  }

  function interrupt(error: KubeError): void {
    for (const socket of sockets) socket.destroy()
    agents.interrupt(error)
  }

  async function patiently<Answer>(call: Call, attempt: () => Promise<Answer>): Promise<Answer> {
    const attempts = call.attempts ?? usualAttempts
    for (let tried = 1; ; tried++) {
      try {
        return await attempt()
      } catch (thrown) {
        call.signal?.throwIfAborted()
        const error = asKubeError(thrown, credentials.server)
        if (tried >= attempts || obstacle || !mayRepeat(call, error)) throw obstacle ?? error
        const pause = error.retryAfterMs ?? backoff(tried - 1, { first: 100, most: 5_000, random })
        await clock.sleep(pause, call.signal)
      }
    }
  }

  return {
    requests,
    json: (call) =>
      tracer.request(`kubernetes ${call.verb}`, told(call, host), () =>
        patiently(call, async () => parseBody(await (await send(call, 'requests')).body.text())),
      ),
    stream: (call) => patiently(call, async () => (await send(call, 'streams')).body),
    upgrade: (call) => patiently(call, () => upgrade(call)),
    heard: () => heard,
    obstruct(error) {
      const isNew = error !== undefined && obstacle === undefined
      obstacle = error
      if (isNew) interrupt(error)
    },
    change(next) {
      credentials = next
      host = hostOf(next)
      interrupt(new KubeError(`other credentials for ${next.name}`, { code: 0, reason: 'Unreachable' }))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await agents.close()
    },
  }
}

/** Never the query, where selectors stand, nor the body. */
function told({ method, path }: Call, host: string) {
  return { 'http.request.method': method, 'url.path': path, 'server.address': host }
}

function hostOf({ server }: ClusterCredentials): string {
  return URL.canParse(server) ? new URL(server).host : ''
}

function headersOf(call: Call, authentication: Authentication) {
  return {
    accept: call.accept ?? 'application/json',
    'user-agent': 'tiphys',
    ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
    ...(call.user === undefined ? authentication.headers : inNameOf(call.user, authentication.headers)),
  }
}

/** Nothing of whom the kubeconfig itself may name is left: its groups would add to the rights of the other user. */
function inNameOf(user: string, headers: Authentication['headers']): Authentication['headers'] {
  const own = Object.entries(headers ?? {}).filter(([name]) => !name.toLowerCase().startsWith('impersonate-'))
  return { ...Object.fromEntries(own), 'impersonate-user': user }
}

async function authenticationOf(credentials: ClusterCredentials, renew: boolean): Promise<Authentication> {
  try {
    return await credentials.authenticate({ renew })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KubeError(`no credentials for ${credentials.name}: ${why}`, { code: 401, reason: 'Unauthorized', cause })
  }
}

async function refusal(answer: Dispatcher.ResponseData): Promise<KubeError> {
  const retryAfter = answer.headers['retry-after']
  const body = await answer.body.text().catch(() => '')
  return errorOfAnswer(answer.statusCode, body, typeof retryAfter === 'string' ? retryAfter : undefined)
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new KubeError('the answer was cut short or is not JSON', { code: 0, reason: 'BadAnswer', cause })
  }
}

function asKubeError(error: unknown, server: string): KubeError {
  if (error instanceof KubeError) return error
  const { message = String(error), code } = error as { message?: string; code?: string }
  return new KubeError(`cannot reach ${server}: ${message || code}`, { code: 0, reason: 'Unreachable', cause: error })
}

/** Failures before the request was handed over: nothing can have happened on the server. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
const repeatable = new Set(['get', 'list', 'watch', 'apply', 'dry-run', 'replace', 'delete', 'discovery', 'logs'])

function mayRepeat(call: Call, error: KubeError): boolean {
  if (error.code === 429) return true
  if (error.code === 0) return neverSent.has(causeCode(error)) || repeatable.has(call.verb)
  if (error.code === 503) return error.retryAfterMs !== undefined || repeatable.has(call.verb)
  return [500, 502, 504].includes(error.code) && error.retryAfterMs !== undefined && repeatable.has(call.verb)
}

function causeCode(error: KubeError): string {
  return String((error.cause as { code?: string } | undefined)?.code ?? '')
}

type AgentKind = 'requests' | 'streams'

/** Watches hold a connection each, so they have a pool of their own and never starve the requests. */
function agentsFor(credentials: () => ClusterCredentials) {
  let current: { key: string; requests: Dispatcher; streams: Dispatcher } | undefined
  const retired: Dispatcher[] = []

  function open(certificate: Certificate | undefined) {
    return {
      key: certificate?.cert ?? '',
      requests: dispatcher(credentials(), { certificate, connections }),
      streams: dispatcher(credentials(), { certificate }),
    }
  }

  return {
    get(kind: AgentKind, certificate: Certificate | undefined): Dispatcher {
      if (current && current.key !== (certificate?.cert ?? '')) {
        // Watches that are open keep their connections until they end by themselves.
        retired.push(current.requests, current.streams)
        current = undefined
      }
      current ??= open(certificate)
      return current[kind]
    },
    /** Whatever is under way ends with the error; what comes next gets connections of its own. */
    interrupt(error: Error): void {
      const ended = [...retired.splice(0), ...(current ? [current.requests, current.streams] : [])]
      current = undefined
      for (const agent of ended) void agent.destroy(error)
    },
    async close(): Promise<void> {
      const all = [...retired, ...(current ? [current.requests, current.streams] : [])]
      await Promise.all(all.map((agent) => agent.destroy()))
    },
  }
}

function dispatcher(
  credentials: ClusterCredentials,
  { certificate, connections }: { certificate?: Certificate; connections?: number },
): Dispatcher {
  const tls = {
    ca: credentials.ca,
    cert: certificate?.cert,
    key: certificate?.key,
    servername: credentials.serverName,
    rejectUnauthorized: !credentials.insecure,
  }
  const { proxyUrl } = credentials
  if (proxyUrl) return new ProxyAgent({ uri: proxyUrl, requestTls: tls, connections })
  return new Agent({ connect: { ...tls, timeout: 10_000 }, connections })
}
