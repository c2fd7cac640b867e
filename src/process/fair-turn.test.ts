import { expect, test } from 'vitest'
import { makeWay } from './fair-turn.ts'

function work(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** Pieces of a millisecond, as many as are asked for. */
async function longWork(pieces: number): Promise<void> {
  for (let piece = 0; piece < pieces; piece++) {
    await makeWay()
    work(1)
  }
}

/** The longest that a timer was late, in milliseconds, while something was done. */
async function longestWait(during: Promise<unknown>): Promise<number> {
  let longest = 0
  let before = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - before)
    before = performance.now()
  }, 1)
  await during
  clearInterval(timer)
  return longest
}

test('twenty long works together keep nobody waiting for longer than one of them would', async () => {
  const all = Promise.all(Array.from({ length: 20 }, () => longWork(20)))
  // 400 ms of work; without making way all of it at once, with a slice for each 100 ms.
  expect(await longestWait(all)).toBeLessThan(80)
})

test('where there is time nobody waits for anything', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(makeWay()).toBeUndefined()
  expect(makeWay()).toBeUndefined()
  work(6)
  expect(makeWay()).toBeInstanceOf(Promise)
  await makeWay()
})
