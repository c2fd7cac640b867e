/** What has changed and has not been told yet: each name once, with its latest value, however slow the reader is. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChangedNames<Value> {
  note(name: string, value: Value): void
  /** Everything noted since the last time; empty when nothing was within that time, or the signal is aborted. */
  next(waitMs: number): Promise<Map<string, Value>>
}

export function changedNames<Value>(signal: AbortSignal): ChangedNames<Value> {
  let noted = new Map<string, Value>()
  let waiting: AbortController | undefined

  return {
    note(name, value) {
      noted.set(name, value)
      waiting?.abort()
    },
    async next(waitMs) {
      if (noted.size === 0 && !signal.aborted) {
        waiting = new AbortController()
        await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, waiting.signal]) }).catch(() => {})
        waiting = undefined
      }
      const taken = noted
      noted = new Map()
      return taken
    },
  }
}
