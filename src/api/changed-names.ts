/** What has changed and has not been told yet: each name once, with its latest value, however slow the reader is. */

export interface ChangedNames<Value> {
  note(name: string, value: Value): void
  /** Everything noted since the last time; empty when nothing was within that time, or the signal is aborted. */
  next(waitMs: number): Promise<Map<string, Value>>
}

export function changedNames<Value>(signal: AbortSignal): ChangedNames<Value> {
  let noted = new Map<string, Value>()
  let wake = () => {}
  signal.addEventListener('abort', () => wake(), { once: true })

  return {
    note(name, value) {
      noted.set(name, value)
      wake()
    },
    async next(waitMs) {
      if (noted.size === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const taken = noted
      noted = new Map()
      return taken
    },
  }
}
