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

/** How often the event loop goes round while something is done. */
async function rounds(during: Promise<unknown>): Promise<number> {
  let count = 0
  let isDone = false
  const next = () => {
    count++
    if (!isDone) setImmediate(next)
  }
  setImmediate(next)
  await during
  isDone = true
  return count
}

test('twenty long works together keep nobody waiting for longer than one of them would', async () => {
  const all = Promise.all(Array.from({ length: 20 }, () => longWork(20)))
  // 400 ms of work in slices of 5; a slice for each of the twenty would make 20 rounds of it, and no slices one.
  expect(await rounds(all)).toBeGreaterThan(30)
})

test('where there is time nobody waits for anything', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(makeWay()).toBeUndefined()
  expect(makeWay()).toBeUndefined()
  work(6)
  expect(makeWay()).toBeInstanceOf(Promise)
  await makeWay()
})
