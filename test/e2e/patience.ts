/** Waiting for what has to come to pass, and failing with its name when it does not. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Patience {
  limitMs?: number | undefined
  /** What is told besides where it does not come to pass. */
  detail?(): unknown
}

/** Resolves to how many milliseconds it took. */
export type Until = (what: string, isSo: () => boolean | Promise<boolean>, patience?: Patience) => Promise<number>

export function untilWithin(usualMs: number): Until {
  return async (what, isSo, { limitMs = usualMs, detail } = {}) => {
    const begun = performance.now()
    while (!(await isSo())) {
      if (performance.now() - begun > limitMs) {
        const more = detail ? `: ${JSON.stringify(detail())}` : ''
        throw new Error(`${what}: not within ${limitMs} ms${more}`)
      }
      await sleep(25)
    }
    return performance.now() - begun
  }
}
