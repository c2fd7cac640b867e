/** The log of a container, as kubectl logs asks for it. */
import type { Clock } from '../controllers/clock.ts'
import type { ControllerClient } from '../controllers/controller.ts'
import type { Container, ContainerState, ContainerStatus, Pod } from '../controllers/workload.ts'
import { badRequest, chooseContainer, statusOfContainer } from './container-choice.ts'
import { type Lifetime, type LogLine, logLines } from './log-lines.ts'
import { machineOf } from './machine.ts'

/** The query of GET …/pods/NAME/log. */
export interface LogOptions {
  container?: string
  follow?: boolean
  previous?: boolean
  timestamps?: boolean
  tailLines?: number
  limitBytes?: number
  /** Milliseconds since the epoch. */
  since?: number
}

export interface LogSource {
  client: ControllerClient
  clock: Clock
  /** Ends a followed log. */
  signal?: AbortSignal
}

/** How often a followed log is looked at. */
const lookMs = 1000

export function readLogOptions(query: URLSearchParams, now: number): LogOptions {
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined)
  const seconds = number('sinceSeconds')
  const time = query.get('sinceTime')
  return {
    container: query.get('container') ?? undefined,
    follow: query.get('follow') === 'true' || query.get('follow') === '1',
    previous: query.get('previous') === 'true' || query.get('previous') === '1',
    timestamps: query.get('timestamps') === 'true' || query.get('timestamps') === '1',
    tailLines: number('tailLines'),
    limitBytes: number('limitBytes'),
    since: seconds !== undefined ? now - seconds * 1000 : time ? Date.parse(time) : undefined,
  }
}

function lifetimeOf({ running, terminated }: ContainerState): Lifetime | undefined {
  if (running) return { start: Date.parse(running.startedAt) }
  if (!terminated) return undefined
  const { startedAt, finishedAt, exitCode } = terminated
  return { start: Date.parse(startedAt), end: Date.parse(finishedAt), exitCode }
}

const pullReasons = ['ImagePullBackOff', 'ErrImagePull']

/** The life of the container whose log is asked for; throws a StatusError when there is none to show. */
function chosenLife(pod: Pod, { name }: Container, previous: boolean): Lifetime {
  const status: ContainerStatus | undefined = statusOfContainer(pod, name)
  const last = status && lifetimeOf(status.lastState)
  if (previous) {
    if (last) return last
    throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`)
  }
  const life = (status && lifetimeOf(status.state)) ?? last
  if (life) return life
  const reason = status?.state.waiting?.reason ?? 'ContainerCreating'
  const why = pullReasons.includes(reason) ? 'trying and failing to pull image' : reason
  throw badRequest(`container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${why}`)
}

function tail(lines: LogLine[], count: number | undefined): LogLine[] {
  if (count === undefined || count < 0) return lines
  return count === 0 ? [] : lines.slice(-count)
}

function printed({ at, text }: LogLine, timestamps: boolean | undefined): string {
  return timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`
}

function sleep({ clock, signal }: LogSource): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(lookMs, done)
    function done(): void {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })
}

/** Lines later than those already seen, until the container has ended or nobody listens any more. */
async function* follow(pod: Pod, container: Container, { source, after }: { source: LogSource; after: number }) {
  const reference = { group: '', version: 'v1', resource: 'pods', namespace: pod.metadata.namespace }
  const { client, clock, signal } = source
  let seen = after
  for (let live: Pod | undefined = pod; live; ) {
    await sleep(source)
    if (signal?.aborted) return
    live = client.get({ ...reference, name: pod.metadata.name ?? '' }) as Pod | undefined
    const status = live && statusOfContainer(live, container.name)
    const life = status && lifetimeOf(status.state)
    if (!live || !life) return
    const machine = machineOf(live, container, source)
    const fresh = logLines({ pod: live, container, machine }, life, clock.now()).filter(({ at }) => at > seen)
    seen = clock.now()
    yield* fresh
    if (life.end !== undefined) return
  }
}

async function* limited(texts: AsyncIterable<string>, limit: number | undefined): AsyncIterable<string> {
  let left = limit ?? Number.POSITIVE_INFINITY
  for await (const text of texts) {
    if (text.length >= left) {
      yield text.slice(0, left)
      return
    }
    left -= text.length
    yield text
  }
}

/** Chunks of text; throws a StatusError at once when the container has no log. */
export function podLogs(pod: Pod, options: LogOptions, source: LogSource): AsyncIterable<string> {
  const container = chooseContainer(pod, options.container)
  const life = chosenLife(pod, container, options.previous ?? false)
  const now = source.clock.now()
  const all = logLines({ pod, container, machine: machineOf(pod, container, source) }, life, now)
  const since = options.since ?? 0
  const shown = tail(
    all.filter(({ at }) => at >= since),
    options.tailLines,
  )
  async function* texts(): AsyncIterable<string> {
    for (const line of shown) yield printed(line, options.timestamps)
    if (!options.follow || life.end !== undefined) return
    for await (const line of follow(pod, container, { source, after: now })) yield printed(line, options.timestamps)
  }
  return limited(texts(), options.limitBytes)
}
