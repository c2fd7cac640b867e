/** A cluster that does not answer yet, or badly, is waited for: it may be starting as well. */
import { backoff, type Clock, systemClock } from '../kube/clock.ts'
import { isRetriable, KubeError } from '../kube/kube-error.ts'
import { messageOf } from '../model/index.ts'
import type { Log } from '../reconcile/stages.ts'

const pauses = { first: 1_000, most: 30_000 }

export interface StartContext {
  /** Resolves when there is no need to start any more. */
  interrupted: Promise<void>
  log: Pick<Log, 'warn'>
  clock?: Clock
  random?: () => number
}

/** undefined: interrupted before it could be started. Rejects with what no waiting mends. */
export async function startPatiently<Running>(
  start: () => Promise<Running>,
  { interrupted, log, clock = systemClock, random = Math.random }: StartContext,
): Promise<Running | undefined> {
  const stopping = new AbortController()
  void interrupted.then(() => stopping.abort())
  for (let attempt = 0; !stopping.signal.aborted; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (!isRetriable(error) && !isOvertaken(error)) throw error
      const pauseMs = backoff(attempt, { ...pauses, random })
      const seconds = Math.ceil(pauseMs / 1000)
      log.warn({ attempt }, `cannot start yet: ${messageOf(error)}; the next try is in ${seconds} s`)
      await clock.sleep(pauseMs, stopping.signal).catch(() => {})
    }
  }
  return undefined
}

/** Another process, or a try whose answer got lost, has made what this one wanted to make: the next finds it. */
function isOvertaken(error: unknown): boolean {
  return error instanceof KubeError && (error.reason === 'AlreadyExists' || error.reason === 'Conflict')
}
