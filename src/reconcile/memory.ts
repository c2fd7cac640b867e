/** What is known of an application beyond its status. It is lost at a restart, without harm. */
import type { ApplicationSpec, OperationState, StageError } from '../model/index.ts'
import { Comparison } from './compare.ts'
import type { Observation } from './observe.ts'
import type { Obstacle } from './obstacle.ts'
import type { OperationRun } from './operation-run.ts'
import type { RenderedSources } from './render.ts'

export interface Memory {
  comparison: Comparison
  /** What came of rendering the sources of `spec`. */
  spec?: ApplicationSpec
  rendered?: RenderedSources | StageError
  /** When the sources have to be asked again, and when without any cache. */
  sourcesDueAt: number
  hardDueAt: number
  /** The sources have to have been asked since then: what another replica has written may come from a newer commit. */
  sourcesSince: number
  observation?: Observation
  /** A look is under way: what it will find is not known yet. */
  looking: boolean
  run?: OperationRun
  /** As which of several replicas what is under way was begun. */
  begunAs?: string
  /** An operation that has ended and is not written down yet. */
  ended?: OperationState
  /** Of the last sync, or the last try of the one under way, if it failed. */
  obstacle?: Obstacle
  /** Looks in a row that have to be repeated, and when the next is due. */
  failures: number
  retryAt: number
  /** When the status was last written. */
  writtenAt: number
  /** When somebody last wanted to know what only a look can tell; for applications that others look after. */
  askedAt: number
}

export function newMemory(): Memory {
  return {
    comparison: new Comparison(),
    sourcesDueAt: 0,
    hardDueAt: Number.POSITIVE_INFINITY,
    sourcesSince: 0,
    looking: false,
    failures: 0,
    retryAt: 0,
    writtenAt: 0,
    askedAt: Number.NEGATIVE_INFINITY,
  }
}

/** Doubles from try to try. What is looked at for other reasons in between makes the pause no longer. */
export function retryPause(memory: Pick<Memory, 'failures' | 'retryAt'>, now: number): number {
  if (now >= memory.retryAt) {
    memory.retryAt = now + Math.min(1000 * 2 ** Math.min(memory.failures, 10), 180_000)
    memory.failures++
  }
  return memory.retryAt - now
}

/** An interval of 0 never comes due. */
export function dueAfter(intervalMs: number, now: number, jitterMs = 0): number {
  return intervalMs === 0 ? Number.POSITIVE_INFINITY : now + intervalMs + Math.random() * jitterMs
}
