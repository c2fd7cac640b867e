/** Sees to it that what is due arrives, once: waits for a place, tries again, and goes on with what another process has left. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Application, messageOf } from '../model/index.ts'
import { noTracer } from '../trace/index.ts'
import { usualBackoff, waitBefore } from './delivery/backoff.ts'
import { DeliveryError, unusable } from './delivery/delivery-error.ts'
import { openLanes } from './delivery/lanes.ts'
import { type Undelivered, undeliveredList } from './delivery/undelivered.ts'
import type { Notification } from './notification.ts'
import type { NotifierOptions } from './notifier.ts'
import { type Outgoing, sendOnce } from './send-once.ts'
import type { SentRecord } from './sent-record.ts'
import { readUnderWay, type UnderWay } from './sent-state.ts'
import type { Destination } from './subscriptions.ts'
import type { Wording } from './wording.ts'

export type DeliveryOptions = Pick<
  NotifierOptions,
  'application' | 'isOurs' | 'settings' | 'courier' | 'tracer' | 'log' | 'observer' | 'backoff' | 'othersMs' | 'lanes'
> & {
  record: SentRecord
  wording: Wording
  now(): Date
  hidden(text: string): string
  /** Nothing more is begun. */
  stopping: AbortSignal
  /** What is still being sent is so no more. */
  ended: AbortSignal
}

export interface Deliveries {
  /** Of something that is on record as waiting. */
  begin(instance: string, key: string, one: UnderWay): void
  /** What another process has left: the one before this, or one that had the application until now. */
  takeUp(instance: string, found: Application): void
  /** The application is another's to tell of, or gone. */
  leave(instance: string): void
  attempt(outgoing: Destination & Pick<Outgoing, 'notification' | 'key' | 'done'>): Promise<void>
  undelivered(): Undelivered[]
  /** What is on its way. */
  readonly work: ReadonlySet<Promise<unknown>>
}

const usualLanes = { ofReceiver: 4, ofService: 16 }

interface Job extends UnderWay {
  key: string
  instance: string
  notification: Notification
  done: Map<string, string>
}

export function openDeliveries(options: DeliveryOptions): Deliveries {
  const { application, settings, log, observer, courier, record, wording, now, hidden, stopping, ended } = options
  const { backoff = usualBackoff, othersMs = 0, tracer = noTracer } = options
  const undelivered = undeliveredList()
  const lanes = openLanes(options.lanes ?? usualLanes)
  const work = new Set<Promise<unknown>>()
  /** Applications for whose notifications we answer: what was left behind for them has been taken up. */
  const takenUp = new Set<string>()
  /** What this process is delivering, by application and key. */
  const begun = new Set<string>()
  // Every delivery that waits listens to them.
  setMaxListeners(0, stopping, ended)

  function track(promise: Promise<unknown>, instance: string): void {
    const tracked = promise
      .catch((error: unknown) => {
        if (!stopping.aborted) log.warn({ application: instance }, `notifications: ${hidden(messageOf(error))}`)
      })
      .finally(() => work.delete(tracked))
    work.add(tracked)
  }

  function begin(instance: string, key: string, one: UnderWay): void {
    const id = `${instance} ${key}`
    if (begun.has(id)) return
    begun.add(id)
    const delivery = deliver(instance, key, one).finally(() => {
      begun.delete(id)
      undelivered.settled(id)
    })
    track(delivery, instance)
  }

  async function deliver(instance: string, key: string, one: UnderWay): Promise<void> {
    let failed = 0
    try {
      const job: Job = { ...one, key, instance, notification: await wording.of(instance, one), done: new Map() }
      for (;;) {
        const failure = await lanes.run(job, () => tryIt(job))
        if (failure === 'left') return
        if (failure === undefined) break
        // It may have arrived: on record it stays what is being sent.
        if (ended.aborted) return
        failed += 1
        observer.delivered(job.trigger, job.service, false)
        const { retry, retryAfterMs } = asDeliveryError(failure.error)
        const wait = retry ? waitBefore(failed, backoff, retryAfterMs) : undefined
        if (wait === undefined) throw failure.error
        const again = `; it is tried again in ${Math.round(wait / 1000)} s, ${backoff.attempts} times at most`
        undelivered.trying(`${instance} ${key}`, failureOf(instance, one, { ...failure, attempts: failed, again }))
        if (!(await record.moved(job, { from: 'sending', to: 'waiting' }))) return
        await sleep(wait, undefined, { signal: stopping })
      }
    } catch (error) {
      // Whoever starts next goes on with it.
      if (ended.aborted || (error as Error).name === 'AbortError') return
      giveUp(instance, one, { error, attempts: failed })
    }
    await record.over({ instance, key })
  }

  /** Once there is a place: by then the process may be ending, or the application be another's, who goes on with it. */
  async function tryIt(job: Job): Promise<'left' | undefined | { error: unknown }> {
    if (stopping.aborted || options.isOurs?.(job.instance) === false) return 'left'
    if (!(await record.moved(job, { from: 'waiting', to: 'sending' }))) return 'left'
    try {
      await traced(job, () => attempt(job))
    } catch (error) {
      return { error }
    }
    const { instance, service, trigger } = job
    observer.delivered(trigger, service, true)
    log.info({ application: instance, service }, `notification ${trigger} was delivered`)
    return undefined
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

  const attempt: Deliveries['attempt'] = (outgoing) => sendOnce(settings(), { ...outgoing, courier, now: now() })

  /** Never sent again: it may have arrived. Whoever sends it may still be alive, and say so. */
  async function concludeOthers(instance: string, key: string): Promise<void> {
    if (othersMs > 0) await sleep(othersMs, undefined, { signal: stopping, ref: false })
    const one = readUnderWay(application(instance)?.metadata.annotations)[key]
    if (!one || begun.has(`${instance} ${key}`) || !takenUp.has(instance)) return
    // Who was sending it has failed, and left it to us.
    if (one.state === 'waiting') return begin(instance, key, one)
    const error = unusable('the process ended while this was being sent: it is not known whether it arrived')
    giveUp(instance, one, { error, attempts: 1 })
    await record.over({ instance, key })
  }

  return {
    begin,
    takeUp(instance, found) {
      if (takenUp.has(instance)) return
      takenUp.add(instance)
      for (const [key, one] of Object.entries(readUnderWay(found.metadata.annotations))) {
        if (begun.has(`${instance} ${key}`)) continue
        if (one.state === 'waiting') begin(instance, key, one)
        else track(concludeOthers(instance, key), instance)
      }
    },
    leave: (instance) => void takenUp.delete(instance),
    attempt,
    undelivered: undelivered.all,
    work,
  }
}

export function asDeliveryError(error: unknown): { retry: boolean; retryAfterMs?: number | undefined } {
  return error instanceof DeliveryError ? error : { retry: false }
}
