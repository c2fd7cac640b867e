import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inTurns } from './in-turns.ts'

test('all are done, few at a time, and failures are told with what they were about', async () => {
  let now = 0
  let most = 0
  const told: number[] = []
  const outcome = await inTurns(
    [1, 2, 3, 4, 5, 6, 7],
    async (item) => {
      most = Math.max(most, ++now)
      await sleep(2)
      now--
      if (item % 3 === 0) throw new Error(`not ${item}`)
    },
    {
      lanes: 2,
      signal: new AbortController().signal,
      onProgress: ({ done, failures }) => told.push(done + failures.length),
    },
  )
  expect(most).toBe(2)
  expect(outcome.done).toBe(5)
  expect(outcome.failures.map(({ item }) => item)).toEqual([3, 6])
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('nothing more is begun once it is given up', async () => {
  const giveUp = new AbortController()
  const begun: number[] = []
  await inTurns(
    [1, 2, 3, 4],
    async (item) => {
      begun.push(item)
      giveUp.abort()
    },
    { lanes: 1, signal: giveUp.signal, onProgress() {} },
  )
  expect(begun).toEqual([1])
})
