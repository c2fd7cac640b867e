/** A client of a cluster that may be away: asks all the time whether it is there, and lets nobody wait for it while it is not. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Tracer } from '../trace/index.ts'
import { backoff, type Clock, systemClock } from './clock.ts'
import { connectOver } from './connect.ts'
import type { ClusterCredentials } from './credentials.ts'
import type { KubeClient } from './kube-client.ts'
import { KubeError } from './kube-error.ts'
import { isCertificateFault } from './tls-fault.ts'
import { heartbeat, openTransport, type Transport } from './transport.ts'

export interface LinkState {
  /** `unknown`: not asked yet. */
  status: 'unknown' | 'up' | 'away'
  /** Why it is away. */
  error?: KubeError
  /** Of Kubernetes, as it was last told. */
  version?: string
  /** When the server was last asked, in milliseconds since the epoch. */
  checkedAt?: number
}

export interface LinkOptions {
  /** Pause between two questions while all is well; what answers other requests is not asked. */
  intervalMs?: number
  /** Told when the cluster has gone or come back. */
  onState?: (state: LinkState) => void
  clock?: Clock
  random?: () => number
  tracer?: Tracer | undefined
}

export interface Link {
  client: KubeClient
  state(): LinkState
  /** When the server last answered anything, in milliseconds since the epoch; 0: never. */
  heard(): number
  /** Goes on with other credentials, and asks at once whether they are good. */
  change(credentials: ClusterCredentials): void
  /** Another pause between two questions; the next one is asked at once. */
  askEvery(ms: number): void
  close(): Promise<void>
}

/** An answer that takes longer is none: everything of the cluster that is asked meanwhile waits for it. */
const answerMs = 4_000
/** A plugin that fetches credentials may have to ask somebody far away. */
const credentialsMs = 8_000
const usualIntervalMs = 4_000
const pauses = { unreachable: { first: 1_000, most: 5_000 }, refused: { first: 2_000, most: 30_000 } }

export function openLink(first: ClusterCredentials, options: LinkOptions = {}): Link {
  const { clock = systemClock, random = Math.random, onState, tracer } = options
  const transport = openTransport(first, { clock, random, ...(tracer && { tracer }) })
  const client = connectOver(transport, { server: first.server, clock })
  const stopping = new AbortController()
  let { intervalMs = usualIntervalMs } = options
  let credentials = first
  let state: LinkState = { status: 'unknown' }
  /** Ends the pause between two questions; one for each, as what listens to a signal stays with it. */
  let wake = new AbortController()
  /** Questions in a row that were not answered. */
  let failures = 0

  function become(next: LinkState): void {
    const before = state.status
    state = next
    transport.obstruct(next.error && obstacleOf(next.error))
    if (next.status !== before) onState?.(state)
  }

  /** Milliseconds until the next question. */
  async function ask(): Promise<number> {
    const asked = credentials
    const quiet = clock.now() - transport.heard()
    if (state.status === 'up' && quiet < intervalMs) return intervalMs - quiet
    try {
      const version = await versionOf(asked, { transport, clock })
      if (stopping.signal.aborted) return 0
      failures = 0
      become({ status: 'up', version: version ?? state.version, checkedAt: clock.now() })
      return intervalMs * (0.9 + random() / 10)
    } catch (thrown) {
      // Others are given meanwhile: what the old ones met says nothing.
      if (asked !== credentials || stopping.signal.aborted) return 0
      const error = thrown instanceof KubeError ? thrown : new KubeError(String(thrown), { code: 0, reason: 'Unknown' })
      failures++
      const checkedAt = clock.now()
      if (failures >= patienceWith(error)) become({ ...state, status: 'away', error, checkedAt })
      else state = { ...state, checkedAt }
      return backoff(failures - 1, { ...(error.code === 0 ? pauses.unreachable : pauses.refused), random })
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController()
      const pause = await ask()
      if (!stopping.signal.aborted) await clock.sleep(pause, wake.signal).catch(() => {})
    }
  }

  void run()

  return {
    client,
    state: () => state,
    heard: transport.heard,
    change(next) {
      credentials = next
      failures = 0
      // What could not be reached with the old ones may well be with these: nobody is kept from trying.
      state = { ...state, status: 'unknown' }
      delete state.error
      transport.obstruct(undefined)
      transport.change(next)
      wake.abort()
    },
    askEvery(ms) {
      intervalMs = ms
      wake.abort()
    },
    async close() {
      stopping.abort()
      wake.abort()
      await client.close()
    },
  }
}

/** To whoever else asks, the cluster is away, whatever it was that the question met: they shall try again soon. */
function obstacleOf(error: KubeError): KubeError {
  return new KubeError(error.message, { code: 0, reason: 'Unreachable', cause: error })
}

interface Question {
  transport: Transport
  clock: Clock
}

/** undefined: the server does not tell it to us, which it may. */
async function versionOf(credentials: ClusterCredentials, question: Question): Promise<string | undefined> {
  const { transport } = question
  await withinTime(
    credentials.authenticate().catch((cause) => {
      throw noCredentials(credentials, cause)
    }),
    { ...question, ms: credentialsMs, what: 'the credentials have not come' },
  )
  const ending = new AbortController()
  const call = { verb: heartbeat, method: 'GET', path: '/version', attempts: 1, signal: ending.signal } as const
  try {
    const answer = await withinTime(transport.json(call), { ...question, ms: answerMs, what: 'no answer' })
    const version = (answer as { gitVersion?: unknown } | null)?.gitVersion
    if (typeof version === 'string') return version
    throw new KubeError('what answers there is no Kubernetes API', { code: 0, reason: 'BadAnswer' })
  } catch (error) {
    if (error instanceof KubeError && (error.code === 403 || error.code === 429)) return undefined
    throw error
  } finally {
    ending.abort()
  }
}

function noCredentials({ name }: ClusterCredentials, cause: unknown): KubeError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KubeError(`no credentials for ${name}: ${why}`, { code: 401, reason: 'NoCredentials', cause })
}

async function withinTime<Answer>(
  answer: Promise<Answer>,
  { clock, ms, what }: Question & { ms: number; what: string },
): Promise<Answer> {
  const over = new AbortController()
  const tooLate = clock.sleep(ms, over.signal).then(async () => {
    // When we were busy ourselves, the answer may be waiting to be read.
    for (let round = 0; round < 3; round++) await turn()
    throw new KubeError(`${what} within ${ms / 1000} s`, { code: 0, reason: 'Timeout' })
  })
  tooLate.catch(() => {})
  answer.catch(() => {})
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    over.abort()
  }
}

/** How often in a row it takes: a connection breaks now and then, and a server that restarts is back soon. */
function patienceWith(error: KubeError): number {
  if (error.code === 401 || error.reason === 'Timeout' || isCertificateFault(error)) return 1
  return error.code === 0 ? 2 : 3
}
