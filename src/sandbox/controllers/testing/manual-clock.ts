/** A clock that a test turns by hand. */
import type { Clock } from '../clock.ts'

interface Timer {
  at: number
  run: () => void
}

export interface ManualClock extends Clock {
  /** Runs whatever is due until `ms` from now, in order of time. */
  advance(ms: number): void
}

export function manualClock(start = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = start
  const timers = new Set<Timer>()

  function nextDue(end: number): Timer | undefined {
    const due = [...timers].filter((timer) => timer.at <= end)
    return due.reduce<Timer | undefined>((first, timer) => (first && first.at <= timer.at ? first : timer), undefined)
  }

  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (let timer = nextDue(end); timer; timer = nextDue(end)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
      }
      now = end
    },
  }
}
