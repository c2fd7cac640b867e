/** The one thread is shared: long work makes way for others every few milliseconds, however many such works are under way. */

/** Of all long work together, between two rounds of the event loop. */
const sliceMs = 5

/** Of this round, since the first long work in it. */
let startedAt: number | undefined
/** In the order in which they are to go on. */
const waiting: (() => void)[] = []

/**
 * undefined: there is time left in this round. Else resolves in a round in which there is. Asked between two pieces of work,
 * each far shorter than a slice.
 */
export function makeWay(): Promise<void> | undefined {
  if (waiting.length === 0 && hasTime()) return undefined
  return new Promise((resolve) => waiting.push(resolve))
}

function hasTime(): boolean {
  if (startedAt === undefined) {
    startedAt = performance.now()
    setImmediate(beginRound)
  }
  return performance.now() - startedAt < sliceMs
}

async function beginRound(): Promise<void> {
  startedAt = undefined
  while (waiting.length > 0 && hasTime()) {
    waiting.shift()?.()
    // It does its piece now: only then is known whether there is time for the next.
    await undefined
  }
}
