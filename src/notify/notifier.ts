/** Follows applications and decides what is to be told of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Application, type AppProject, instanceName, messageOf } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { NotificationSettings } from './configuration.ts'
import { asDeliveryError, openDeliveries } from './deliveries.ts'
import type { Backoff } from './delivery/backoff.ts'
import type { Courier } from './delivery/courier.ts'
import { DeliveryError } from './delivery/delivery-error.ts'
import { openPlaces, type Widths } from './delivery/lanes.ts'
import type { Undelivered } from './delivery/undelivered.ts'
import { type Decision, type Due, decide } from './due.ts'
import { masked } from './masked.ts'
import { openSentRecord, type RecordPauses } from './sent-record.ts'
import { readSentState, readUnderWay, type UnderWay, type UnderWayState, written } from './sent-state.ts'
import { type Destination, destinationsOf } from './subscriptions.ts'
import type { CommitMetadata } from './variables.ts'
import { openWording } from './wording.ts'

/** A field that differs from what Git declares, for messages about drift. */
export interface DriftLine {
  object: string
  field: string
  by?: string
  at?: string
}

export interface NotifierOptions {
  /** The control namespace. */
  namespace: string
  application(instance: string): Application | undefined
  applications(): Application[]
  /** Whether its notifications are for this process to send; all are unless told otherwise. */
  isOurs?(instance: string): boolean
  project(name: string): AppProject | undefined
  patch(instance: string, patch: object): Promise<unknown>
  settings(): NotificationSettings
  matches(selector: string, labels: Readonly<Record<string, string>>): boolean
  commit(application: Application, revision: string): Promise<CommitMetadata>
  drift(instance: string): DriftLine[]
  courier: Courier
  tracer?: Tracer
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
  observer: {
    delivered(trigger: string, service: string, succeeded: boolean): void
    evaluated(trigger: string, triggered: boolean): void
  }
  now?(): Date
  backoff?: Backoff
  lanes?: Widths
  /** Between two attempts at recording what is on its way. */
  recordPauses?: RecordPauses
  /** How often applications are looked at of which something may become true by time alone. */
  timeMs?: number
  /** How long what another process has begun is given to arrive, where there are others that live on. */
  othersMs?: number
  /** How long the end of an operation is left to settle: health is looked at after it. */
  settleMs?: number
}

export interface TestRequest extends Destination {
  /** What to say; a sentence of ours without one. */
  template?: string
  instance?: string
}

export interface Notifier {
  /** An application, or something that its notifications depend on, has changed. */
  look(instance: string): void
  lookAtAll(): void
  undelivered(): Undelivered[]
  /** What is there by name, configured or not. */
  names(): Record<'services' | 'triggers' | 'templates', string[]>
  /** Throws a DeliveryError that says why it did not arrive. One attempt. */
  test(request: TestRequest): Promise<void>
  /** Resolves when nothing is being decided and nothing is on its way. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** What is being sent when the process ends gets this long to arrive. */
const farewellMs = 3000
/** Others write to the cluster, too. */
const writesAtOnce = 8
/** Problems of one application. */
const mostLogged = 100

export function startNotifier(options: NotifierOptions): Notifier {
  const { application, settings, log, observer, courier, settleMs = 2000, timeMs = 60_000 } = options
  const now = options.now ?? (() => new Date())
  const stopping = new AbortController()
  const ended = new AbortController()
  const wording = openWording({ ...options, now })
  const record = openSentRecord({ ...options, pauses: options.recordPauses }, ended.signal)
  const signals = { stopping: stopping.signal, ended: ended.signal }
  const deliveries = openDeliveries({ ...options, record, wording, now, hidden, ...signals })
  const writes = openPlaces(writesAtOnce)
  /** Applications that are being decided about, and those of them that have changed meanwhile. */
  const deciding = new Set<string>()
  const wanted = new Set<string>()
  const settling = new Map<string, NodeJS.Timeout>()
  const work = new Set<Promise<unknown>>()
  /** Applications of which something may become true by time alone. */
  const timed = new Set<string>()
  const logged = new Map<string, Set<string>>()
  const clock = setInterval(() => {
    for (const instance of timed) look(instance)
  }, timeMs)
  clock.unref()

  /** Each by itself: one whose commits cannot be read holds up no other. */
  function look(instance: string): void {
    if (stopping.signal.aborted) return
    wanted.add(instance)
    if (deciding.has(instance)) return
    deciding.add(instance)
    const looking = lookAt(instance).finally(() => {
      deciding.delete(instance)
      work.delete(looking)
    })
    work.add(looking)
  }

  async function lookAt(instance: string): Promise<void> {
    while (wanted.delete(instance) && !stopping.signal.aborted) {
      try {
        await decideAbout(instance)
      } catch (error) {
        log.warn({ application: instance }, `notifications: ${hidden(messageOf(error))}`)
        later(instance, 5000)
      }
    }
  }

  function later(instance: string, milliseconds: number): void {
    if (settling.has(instance) || stopping.signal.aborted) return
    const timer = setTimeout(() => {
      settling.delete(instance)
      look(instance)
    }, milliseconds)
    timer.unref()
    settling.set(instance, timer)
  }

  async function decideAbout(instance: string): Promise<void> {
    const found = application(instance)
    timed.delete(instance)
    if (!found || options.isOurs?.(instance) === false) {
      logged.delete(instance)
      return deliveries.leave(instance)
    }
    deliveries.takeUp(instance, found)
    const project = options.project(found.spec.project)
    const current = settings()
    const destinations = destinationsOf({ application: found, project, settings: current, matches: options.matches })
    if (destinations.size === 0) return
    if (followsTime([...destinations.keys()], current)) timed.add(instance)
    const wait = untilSettled(found)
    if (wait > 0) return later(instance, wait)
    const state = readSentState(found.metadata.annotations)
    const decision = await wording.withFacts(found, (variables) =>
      decide({ destinations, triggers: current.triggers, variables, state, now: now() }),
    )
    tell(instance, decision)
    if (decision.due.length === 0 && written(decision.state) === written(state)) return
    // On record before anything is sent: a process that ends now leaves behind what it was about to do.
    const waiting = underKeys(decision.due, readUnderWay(application(instance)?.metadata.annotations))
    const left = decision.due.length - Object.keys(waiting).length
    if (left > 0)
      log.warn({ application: instance }, `notifications: ${left} are not sent: too many alike are on their way`)
    await writes.run('', () => record.decided(instance, decision.state, waiting))
    for (const [key, one] of Object.entries(waiting)) deliveries.begin(instance, key, one)
  }

  function tell(instance: string, { evaluated, problems }: Decision): void {
    for (const { trigger, triggered } of evaluated) observer.evaluated(trigger, triggered)
    if (problems.length === 0) return
    const known = logged.get(instance) ?? new Set()
    logged.set(instance, known)
    for (const problem of problems) {
      if (known.has(problem) || known.size >= mostLogged) continue
      known.add(problem)
      log.info({ application: instance }, `notifications: ${hidden(problem)}`)
    }
  }

  /** Health is looked at after a sync has ended; what is told must not be older than the sync. */
  function untilSettled({ status }: Application): number {
    const finished = Date.parse(status?.operationState?.finishedAt ?? '')
    if (Number.isNaN(finished)) return 0
    // Times have whole seconds.
    return Math.min(settleMs, finished + settleMs - now().getTime())
  }

  function hidden(text: string): string {
    return masked(text, Object.values(settings().secrets))
  }

  function lookAtAll(): void {
    for (const found of options.applications()) look(instanceName(found, options.namespace))
  }

  lookAtAll()
  return {
    look,
    lookAtAll,
    undelivered: deliveries.undelivered,
    names() {
      const { services, triggers, templates } = settings()
      const namesOf = (map: ReadonlyMap<string, unknown>) => [...map.keys()].sort()
      return { services: namesOf(services), triggers: namesOf(triggers), templates: namesOf(templates) }
    },
    async test({ service, recipient, template, instance }) {
      try {
        const sentence = { message: 'This is a test of a notification of Tiphys.' }
        const about = { templates: template ? [template] : [], service, recipient }
        const notification = template === undefined ? sentence : await wording.of(instance ?? '', about)
        await deliveries.attempt({ service, recipient, notification, key: `test ${now().toISOString()}` })
      } catch (error) {
        throw new DeliveryError(hidden(messageOf(error)), { retry: asDeliveryError(error).retry })
      }
    },
    async idle() {
      while (work.size > 0 || deliveries.work.size > 0 || settling.size > 0) await sleep(20)
    },
    async close() {
      stopping.abort()
      clearInterval(clock)
      for (const timer of settling.values()) clearTimeout(timer)
      const underWay = Promise.allSettled([...work, ...deliveries.work])
      await Promise.race([underWay, sleep(farewellMs, undefined, { ref: false })])
      ended.abort()
      await courier.close()
    },
  }
}

function followsTime(names: string[], { triggers }: Pick<NotificationSettings, 'triggers'>): boolean {
  return names
    .flatMap((name) => triggers.get(name) ?? [])
    .some(({ when, oncePer }) => when.followsTime || oncePer?.followsTime === true)
}

/** What is told again while the same is still on its way has a key of its own there, up to so many times. */
const mostAlike = 20

function underKeys(due: Due[], present: UnderWayState): Record<string, UnderWay> {
  const names = (key: string) => [key, ...Array.from({ length: mostAlike - 1 }, (_, at) => `${key} (${at + 2})`)]
  return Object.fromEntries(
    due.flatMap(({ key, ...one }): [string, UnderWay][] => {
      const free = names(key).find((name) => !Object.hasOwn(present, name))
      return free === undefined ? [] : [[free, { ...one, state: 'waiting' }]]
    }),
  )
}
