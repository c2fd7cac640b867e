/** What has changed and has not been told yet: each name once, with its latest value, however slow the reader is. */

export interface ChangedNames<Value> {
  note(name: string, value: Value): void
  /** It need not be told any more. */
  drop(name: string): void
  /**
   * Everything noted since the last time; empty when nothing was within that time, or the signal is aborted. `gatherMs`: what
   * comes so soon after the first is told with it.
   */
  next(waitMs: number, options?: { gatherMs: number }): Promise<Map<string, Value>>
}

export function changedNames<Value>(signal: AbortSignal): ChangedNames<Value> {
  let noted = new Map<string, Value>()
  let onNote = () => {}
  let onAbort = () => {}
  signal.addEventListener('abort', () => onAbort(), { once: true })

  function pause(ms: number, { untilNoted }: { untilNoted: boolean }): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        onNote = () => {}
        resolve()
      }
      const timer = setTimeout(end, ms)
      onAbort = end
      if (untilNoted) onNote = end
    })
  }

  return {
    note(name, value) {
      noted.set(name, value)
      onNote()
    },
    drop(name) {
      noted.delete(name)
    },
    async next(waitMs, { gatherMs } = { gatherMs: 0 }) {
      if (noted.size === 0 && !signal.aborted) await pause(waitMs, { untilNoted: true })
      if (noted.size > 0 && gatherMs > 0 && !signal.aborted) await pause(gatherMs, { untilNoted: false })
      const taken = noted
      noted = new Map()
      return taken
    },
  }
}
