/** Follows applications, decides what is to be told, and sees to it that it is told once. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Application, type AppProject, instanceName, messageOf } from '../model/index.ts'
import { noTracer, type Tracer } from '../trace/index.ts'
import type { NotificationSettings } from './configuration.ts'
import { type Backoff, usualBackoff, waitBefore } from './delivery/backoff.ts'
import type { Courier } from './delivery/courier.ts'
import { DeliveryError, unusable } from './delivery/delivery-error.ts'
import { openLanes } from './delivery/lanes.ts'
import { type Undelivered, undeliveredList } from './delivery/undelivered.ts'
import { type Decision, decide } from './due.ts'
import { masked } from './masked.ts'
import type { Notification } from './notification.ts'
import { type Outgoing, sendOnce } from './send-once.ts'
import { openSentRecord } from './sent-record.ts'
import { readSentState, readUnderWay, type UnderWay, written } from './sent-state.ts'
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
  /** Throws a DeliveryError that says why it did not arrive. One attempt. */
  test(request: TestRequest): Promise<void>
  /** Resolves when nothing is being decided and nothing is on its way. */
  idle(): Promise<void>
  close(): Promise<void>
}

const sendsAtOnce = 4
/** What is being sent when the process ends gets this long to arrive. */
const farewellMs = 3000

interface Job extends UnderWay {
  key: string
  instance: string
  notification: Notification
  done: Map<string, string>
}

export function startNotifier(options: NotifierOptions): Notifier {
  const { application, settings, log, observer, courier, backoff = usualBackoff, settleMs = 2000 } = options
  const { othersMs = 0, tracer = noTracer } = options
  const now = options.now ?? (() => new Date())
  const wording = openWording({ ...options, now })
  const record = openSentRecord(options)
  const undelivered = undeliveredList()
  const lanes = openLanes(sendsAtOnce)
  const stopping = new AbortController()
  // Every delivery that waits listens to it.
  setMaxListeners(0, stopping.signal)
  const wanted = new Set<string>()
  const settling = new Map<string, NodeJS.Timeout>()
  const work = new Set<Promise<unknown>>()
  /** Applications for whose notifications we answer: what was left behind for them has been taken up. */
  const takenUp = new Set<string>()
  /** What this process is delivering, by application and key. */
  const begun = new Set<string>()
  let isLooking = false
  /** What was still being sent when the process ended is so no more. */
  let isCutOff = false

  function track<Result>(promise: Promise<Result>): Promise<Result> {
    const tracked = promise.finally(() => work.delete(tracked))
    work.add(tracked)
    return tracked
  }

  async function lookAtWanted(): Promise<void> {
    if (isLooking) return
    isLooking = true
    for (const instance of wanted) {
      wanted.delete(instance)
      if (stopping.signal.aborted) break
      try {
        await decideAbout(instance)
      } catch (error) {
        log.warn({ application: instance }, `notifications: ${hidden(messageOf(error))}`)
        later(instance, 5000)
      }
    }
    isLooking = false
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

  function look(instance: string): void {
    if (stopping.signal.aborted) return
    wanted.add(instance)
    if (!isLooking) track(lookAtWanted()).catch(() => {})
  }

  async function decideAbout(instance: string): Promise<void> {
    const found = application(instance)
    if (!found || options.isOurs?.(instance) === false) {
      takenUp.delete(instance)
      return
    }
    if (!takenUp.has(instance)) {
      takenUp.add(instance)
      takeUp(instance, found)
    }
    const project = options.project(found.spec.project)
    const current = settings()
    const destinations = destinationsOf({ application: found, project, settings: current, matches: options.matches })
    const annotations = found.metadata.annotations
    if (destinations.size === 0) return
    const wait = untilSettled(found)
    if (wait > 0) return later(instance, wait)
    const state = readSentState(annotations)
    const decision = await wording.withFacts(found, (variables) =>
      decide({ destinations, triggers: current.triggers, variables, state, now: now() }),
    )
    tell(instance, decision)
    if (decision.due.length === 0 && written(decision.state) === written(state)) return
    // On record before anything is sent: a process that ends now leaves behind what it was about to do.
    const underWay = Object.fromEntries(
      decision.due.map(({ key, ...one }): [string, UnderWay] => [key, { ...one, state: 'sending' }]),
    )
    await record.decided(instance, decision.state, underWay)
    for (const { key, ...one } of decision.due) begin(instance, key, { ...one, state: 'sending' })
  }

  function tell(instance: string, { evaluated, problems }: Decision): void {
    for (const { trigger, triggered } of evaluated) observer.evaluated(trigger, triggered)
    for (const problem of problems) log.info({ application: instance }, `notifications: ${hidden(problem)}`)
  }

  /** Health is looked at after a sync has ended; what is told must not be older than the sync. */
  function untilSettled({ status }: Application): number {
    const finished = Date.parse(status?.operationState?.finishedAt ?? '')
    if (Number.isNaN(finished)) return 0
    // Times have whole seconds.
    return Math.min(settleMs, finished + settleMs - now().getTime())
  }

  function begin(instance: string, key: string, one: UnderWay): void {
    const id = `${instance} ${key}`
    begun.add(id)
    track(deliver(instance, key, one).finally(() => begun.delete(id))).catch((error: unknown) => {
      log.warn({ application: instance }, `notifications: ${hidden(messageOf(error))}`)
    })
  }

  async function deliver(instance: string, key: string, one: UnderWay): Promise<void> {
    let failed = 0
    const id = `${instance} ${key}`
    try {
      const job: Job = { ...one, key, instance, notification: await wording.of(instance, one), done: new Map() }
      for (;;) {
        if (failed > 0 || one.state === 'waiting') await record.underWay(job, 'sending')
        try {
          await lanes.run(job.service, () => traced(job, () => attempt(job)))
          observer.delivered(job.trigger, job.service, true)
          log.info({ application: instance, service: job.service }, `notification ${job.trigger} was delivered`)
          break
        } catch (error) {
          // It may have arrived: on record it stays what is being sent.
          if (isCutOff) return
          failed += 1
          observer.delivered(job.trigger, job.service, false)
          const { retry, retryAfterMs } = asDeliveryError(error)
          const wait = retry ? waitBefore(failed, backoff, retryAfterMs) : undefined
          if (wait === undefined) throw error
          const again = `; it is tried again in ${Math.round(wait / 1000)} s, ${backoff.attempts} times at most`
          undelivered.trying(id, failureOf(instance, one, { error, attempts: failed, again }))
          await record.underWay(job, 'waiting')
          await sleep(wait, undefined, { signal: stopping.signal })
        }
      }
    } catch (error) {
      // Whoever starts next goes on with it.
      if (stopping.signal.aborted && failed > 0) return
      giveUp(instance, one, { error, attempts: failed })
    } finally {
      undelivered.settled(id)
    }
    await record.underWay({ instance, key }, undefined)
  }

  /** Who is told is nobody's business. */
  function traced(job: Job, work: () => Promise<void>): Promise<void> {
    const { instance, trigger, service } = job
    const attributes = { 'tiphys.application': instance, 'tiphys.trigger': trigger, 'tiphys.service': service }
    return tracer.trace('notification', { kind: 'client', attributes }, (span) =>
      work().catch((error: unknown) => {
        span.fail(hidden(messageOf(error)))
        throw error
      }),
    )
  }

  function giveUp(instance: string, one: UnderWay, failure: { error: unknown; attempts: number }): void {
    const { trigger, service, recipient } = one
    const lost = failureOf(instance, one, failure)
    undelivered.add(lost)
    log.warn(
      { application: instance, service, recipient },
      `notification ${trigger} could not be delivered: ${lost.message}`,
    )
  }

  function failureOf(
    application: string,
    { trigger, service, recipient }: UnderWay,
    { error, attempts, again = '' }: { error: unknown; attempts: number; again?: string },
  ): Undelivered {
    const message = hidden(messageOf(error)) + again
    return { time: now().toISOString(), application, trigger, service, recipient, attempts, message }
  }

  function attempt(outgoing: Destination & Pick<Outgoing, 'notification' | 'key' | 'done'>): Promise<void> {
    return sendOnce(settings(), { ...outgoing, courier, now: now() })
  }

  /** What another process has left: the one before this, or one that had the application until now. */
  function takeUp(instance: string, found: Application): void {
    for (const [key, one] of Object.entries(readUnderWay(found.metadata.annotations))) {
      if (begun.has(`${instance} ${key}`)) continue
      if (one.state === 'waiting') begin(instance, key, one)
      else track(concludeOthers(instance, key)).catch(() => {})
    }
  }

  /** Never sent again: it may have arrived. Whoever sends it may still be alive, and say so. */
  async function concludeOthers(instance: string, key: string): Promise<void> {
    if (othersMs > 0) await sleep(othersMs, undefined, { signal: stopping.signal, ref: false })
    const one = readUnderWay(application(instance)?.metadata.annotations)[key]
    if (one?.state !== 'sending' || begun.has(`${instance} ${key}`) || !takenUp.has(instance)) return
    const error = unusable('the process ended while this was being sent: it is not known whether it arrived')
    giveUp(instance, one, { error, attempts: 1 })
    await record.underWay({ instance, key }, undefined)
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
    undelivered: undelivered.all,
    async test({ service, recipient, template, instance }) {
      try {
        const one: UnderWay = {
          state: 'sending',
          trigger: 'test',
          templates: template ? [template] : [],
          service,
          recipient,
        }
        const sentence = { message: 'This is a test of a notification of Tiphys.' }
        const notification = template === undefined ? sentence : await wording.of(instance ?? '', one)
        await attempt({ service, recipient, notification, key: `test ${now().toISOString()}` })
      } catch (error) {
        throw new DeliveryError(hidden(messageOf(error)), { retry: asDeliveryError(error).retry })
      }
    },
    async idle() {
      while (work.size > 0 || settling.size > 0) await sleep(20)
    },
    async close() {
      stopping.abort()
      for (const timer of settling.values()) clearTimeout(timer)
      await Promise.race([Promise.allSettled(work), sleep(farewellMs, undefined, { ref: false })])
      isCutOff = true
      await courier.close()
    },
  }
}

function asDeliveryError(error: unknown): { retry: boolean; retryAfterMs?: number | undefined } {
  return error instanceof DeliveryError ? error : { retry: false }
}
