/** Time as the controllers and nodes see it: injected, so that a test can turn the hands. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs once, `ms` from now (0: as soon as other work has had its turn); returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

/** The longest delay a Node timer can hold; who waits longer is woken early and looks again. */
const longestDelay = 2 ** 31 - 1

function afterSystemTime(ms: number, run: () => void): () => void {
  if (ms <= 0) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, Math.min(ms, longestDelay))
  // The server keeps the process alive, a waiting controller must not
  timer.unref()
  return () => clearTimeout(timer)
}

export const systemClock: Clock = { now: Date.now, after: afterSystemTime }

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
