/** Queues of names: an event only says look again, ten events are one look. */
import { StatusError } from '../status.ts'
import type { Clock } from './clock.ts'

export interface WorkQueue {
  add(key: string): void
  /** Looks again after `ms`; of several such calls for one key the earliest counts. */
  addAfter(key: string, ms: number): void
}

export interface WorkQueues {
  queue(reconcile: (key: string) => void): WorkQueue
  stop(): void
}

/** How long one turn may hold up the requests that the same thread answers. */
const turnMs = 8
const firstRetryMs = 20
const longestRetryMs = 300_000

interface Waiting {
  due: number
  cancel: () => void
}

interface Queue extends WorkQueue {
  readonly size: number
  runOne(): void
  stop(): void
}

/** What retrying cannot mend: the object is gone, or its namespace is going. A full quota may be mended. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false
  const { code, details } = error.status
  return code === 404 || Boolean(details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating'))
}

/** A refusal is part of life, anything else is a fault of the sandbox: it must not hide behind the retries. */
function report(error: unknown): void {
  if (!(error instanceof StatusError)) console.error(error)
}

function oneQueue(clock: Clock, reconcile: (key: string) => void, wake: () => void): Queue {
  const ready = new Set<string>()
  const waiting = new Map<string, Waiting>()
  const failures = new Map<string, number>()

  function add(key: string): void {
    ready.add(key)
    wake()
  }

  function addAfter(key: string, ms: number): void {
    const due = clock.now() + ms
    const earlier = waiting.get(key)
    if (earlier && earlier.due <= due) return
    earlier?.cancel()
    const cancel = clock.after(ms, () => {
      waiting.delete(key)
      add(key)
    })
    waiting.set(key, { due, cancel })
  }

  function retry(key: string): void {
    const failed = failures.get(key) ?? 0
    failures.set(key, failed + 1)
    addAfter(key, Math.min(firstRetryMs * 2 ** failed, longestRetryMs))
  }

  function runOne(): void {
    const [key] = ready
    if (key === undefined) return
    ready.delete(key)
    try {
      reconcile(key)
      failures.delete(key)
    } catch (error) {
      report(error)
      if (isFinal(error)) failures.delete(key)
      else retry(key)
    }
  }

  function stop(): void {
    ready.clear()
    for (const { cancel } of waiting.values()) cancel()
    waiting.clear()
  }

  return {
    add,
    addAfter,
    runOne,
    stop,
    get size() {
      return ready.size
    },
  }
}

/**
 * Queues that share one thread, one after the other: each runs what it holds before the next has its turn, so that the
 * many changes of one kind have come before those who sum them up look.
 */
export function workQueues(clock: Clock): WorkQueues {
  const queues: Queue[] = []
  let cancelTurn: (() => void) | undefined
  let stopped = false
  let current = 0

  /** Runs queues from the current one on until all are empty or the time is up; true when something is left. */
  function run(end: number): boolean {
    let empty = 0
    while (empty < queues.length) {
      const queue = queues[current]
      let left = queue?.size ?? 0
      empty = left === 0 ? empty + 1 : 0
      for (; left > 0; left--) {
        queue?.runOne()
        if (clock.now() > end) return true
      }
      current = (current + 1) % queues.length
    }
    return false
  }

  function turn(): void {
    cancelTurn = undefined
    if (run(clock.now() + turnMs)) wake()
  }

  function wake(): void {
    if (!stopped) cancelTurn ??= clock.after(0, turn)
  }

  return {
    queue(reconcile) {
      const queue = oneQueue(clock, reconcile, wake)
      queues.push(queue)
      return queue
    },
    stop() {
      stopped = true
      cancelTurn?.()
      for (const queue of queues) queue.stop()
    },
  }
}
