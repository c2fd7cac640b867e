import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['5s', 5000],
  ['3m', 180_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['90', 90_000],
  ['1.5s', 1500],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', 'soon', '5 s', '-5s', '5d'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
