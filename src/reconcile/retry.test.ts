import { expect, test } from 'vitest'
import { retryDelay } from './retry.ts'

test('without a strategy, or with one that names no limit, nothing is tried again', () => {
  expect(retryDelay(undefined, 0)).toBeUndefined()
  expect(retryDelay({ backoff: { duration: '1s' } }, 0)).toBeUndefined()
})

test('pauses grow by the factor up to the most', () => {
  const strategy = { limit: 5, backoff: { duration: '10s', factor: 3, maxDuration: '1m' } }
  expect([0, 1, 2, 3, 4, 5].map((count) => retryDelay(strategy, count))).toEqual([
    10_000,
    30_000,
    60_000,
    60_000,
    60_000,
    undefined,
  ])
})

test('the defaults are 5 s, doubled, at most 3 minutes', () => {
  expect([0, 1, 2, 9].map((count) => retryDelay({ limit: 10 }, count))).toEqual([5_000, 10_000, 20_000, 180_000])
})

test('a limit below zero means without end', () => {
  expect(retryDelay({ limit: -1 }, 1000)).toBe(180_000)
})
