import { expect, test } from 'vitest'
import { newMemory, retryPause } from './memory.ts'

test('the pause doubles from try to try, up to three minutes', () => {
  const memory = newMemory()
  let now = 0
  const pauses = Array.from({ length: 10 }, () => {
    const pause = retryPause(memory, now)
    now += pause
    return pause / 1000
  })
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 180, 180])
})

test('looks in between make it no longer', () => {
  const memory = newMemory()
  expect([0, 100, 500, 999].map((now) => retryPause(memory, now))).toEqual([1000, 900, 500, 1])
  expect(retryPause(memory, 1000)).toBe(2000)
})
