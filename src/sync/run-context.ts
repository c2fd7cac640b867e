/** What the parts of a running sync share. */
import type { Clock } from '../kube/clock.ts'
import type { KubeClient, Target } from '../kube/kube-client.ts'
import { isRetriable } from '../kube/kube-error.ts'
import type { Health, KubeObject, ResourceResult } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { Results } from './results.ts'
import type { SyncPlan, SyncStep } from './step.ts'

/** How a sync sees the cluster. A cache may stand behind it; what it lacks is asked of the server. */
export interface LiveState {
  /** The newest known state in full; undefined when it does not know the object. */
  read(target: Target, signal: AbortSignal): KubeObject | undefined | Promise<KubeObject | undefined>
  /** Resolves when an object of the application may have changed, at the latest after the time given. */
  changed(ms: number, signal: AbortSignal): Promise<void>
}

export interface SyncRun {
  plan: SyncPlan
  /** One whose writes `live` knows of at once, where that is a cache: else a gate could see the state before them. */
  client: KubeClient
  live: LiveState
  /** Results of the same operation from before an interruption. */
  previous?: ResourceResult[]
  /** undefined for a kind without health. */
  health: (object: KubeObject) => Health | undefined
  /** Awaited before anything is done that could not be understood without it after a restart. */
  onProgress: (results: ResourceResult[], message: string) => void | Promise<void>
  /** Asked before each object is touched: why it must not be; undefined: it may. */
  refusal?: (step: SyncStep) => string | undefined
  /** Names this operation, and no other one, whenever it is resumed; its start time will do. */
  operationId: string
  /** Between two waves, so that other controllers can react to the first; 2000 unless told otherwise. */
  waveDelayMs?: number
  /** Writes at the same time; 16 unless told otherwise. */
  concurrency?: number
  /** So long a hook of an earlier operation may take to go; 120000 unless told otherwise. */
  hookDeletionMs?: number
  clock?: Clock
  tracer?: Tracer
  /** The process stops: the run is given up as it is, and may be resumed. */
  signal: AbortSignal
  /** Somebody terminates the operation: running hooks are deleted, and the operation fails. */
  terminate?: AbortSignal
}

export interface RunContext extends SyncRun {
  results: Results
  clock: Clock
  tracer: Tracer
  /** Aborted by both signals. */
  stop: AbortSignal
}

/** Some steps failed; the results say which and why. */
export class StepsFailed extends Error {}

/** Throws why the step must not be done. */
export function checkPermission({ refusal }: RunContext, step: SyncStep): void {
  const why = refusal?.(step)
  if (why !== undefined) throw new Error(why)
}

/** The live object; asks the server when the cache does not have it. */
export async function readLive(context: RunContext, target: Target): Promise<KubeObject | undefined> {
  const known = await context.live.read(target, context.stop)
  return known ?? context.client.get(target, context.stop)
}

/** Asks again, whenever something may have changed, until the answer is `true`. */
export async function until(context: RunContext, isDone: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await patient(isDone)) return
    context.stop.throwIfAborted()
    await context.live.changed(pollMs, context.stop)
    context.stop.throwIfAborted()
  }
}

const pollMs = 2000

/** A server that cannot be reached for a while ends no wait. */
async function patient(isDone: () => Promise<boolean>): Promise<boolean> {
  try {
    return await isDone()
  } catch (error) {
    if (isRetriable(error)) return false
    throw error
  }
}

export function report(context: RunContext, message: string): void | Promise<void> {
  return context.onProgress(context.results.list(), message)
}

/** Each item at once, but no more than `limit` at a time; the first error is thrown when all have ended. */
export async function atOnce<Item>(items: Item[], limit: number, act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const lane = async () => {
    for (const item of waiting) await act(item)
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane))
  const failed = lanes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
