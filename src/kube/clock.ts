/** Time as an argument, so that waiting can be tested without waiting. */
import { setTimeout as timer } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  async sleep(ms, signal) {
    try {
      await timer(ms, undefined, { signal })
    } catch (error) {
      throw signal?.reason ?? error
    }
  },
}

/** Doubles from `first` to `most`, spread over half to the whole of it so that many clients do not come back as one. */
export function backoff(attempt: number, range: { first: number; most: number; random: () => number }): number {
  const full = Math.min(range.most, range.first * 2 ** Math.min(attempt, 30))
  return full * (0.5 + range.random() / 2)
}
