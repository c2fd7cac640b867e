import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttled } from './throttled.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first is done soon, those after it together at most every so often, and the last is never lost', () => {
  const run = vi.fn()
  const one = throttled(2000, run)
  one.soon()
  vi.advanceTimersByTime(100)
  expect(run).toHaveBeenCalledTimes(1)
  for (let index = 0; index < 100; index++) {
    one.soon()
    vi.advanceTimersByTime(50)
  }
  expect(run).toHaveBeenCalledTimes(3)
  vi.advanceTimersByTime(2000)
  expect(run).toHaveBeenCalledTimes(4)
  vi.advanceTimersByTime(60_000)
  expect(run).toHaveBeenCalledTimes(4)
})

test('once stopped it is not done any more', () => {
  const run = vi.fn()
  const one = throttled(10, run)
  one.soon()
  one.stop()
  vi.advanceTimersByTime(100)
  expect(run).not.toHaveBeenCalled()
})
