/** The one thread is shared: long work makes way for others every few milliseconds, however many such works are under way. */
import { setImmediate as nextRound } from 'node:timers/promises'

/** Of all long work together, between two rounds of the event loop. */
const sliceMs = 5

interface Round {
  startedAt: number
  /** When the next has begun. */
  over: Promise<void>
}

let current: Round | undefined

/**
 * undefined: there is time left in this round. Else resolves in a round in which there is. Asked between two pieces of work,
 * each far shorter than a slice.
 */
export function makeWay(): Promise<void> | undefined {
  return hasTime() ? undefined : inLaterRound()
}

async function inLaterRound(): Promise<void> {
  do await current?.over
  while (!hasTime())
}

function hasTime(): boolean {
  current ??= newRound()
  return performance.now() - current.startedAt < sliceMs
}

function newRound(): Round {
  const over = nextRound().then(() => {
    current = undefined
  })
  return { startedAt: performance.now(), over }
}
