/** Something that is done at once, and then at most every so often for as long as it is asked for. Pure but for the clock. */

export interface Throttled {
  soon(): void
  stop(): void
}

export function throttled(everyMs: number, run: () => void, firstMs = Math.min(everyMs, 100)): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined
  let ranAt = Number.NEGATIVE_INFINITY
  return {
    soon() {
      if (timer !== undefined) return
      const waitMs = Math.max(firstMs, ranAt + everyMs - performance.now())
      timer = setTimeout(() => {
        timer = undefined
        ranAt = performance.now()
        run()
      }, waitMs)
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
