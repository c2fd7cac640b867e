import { expect, test } from 'vitest'
import { expiryText, secondsOf, timeText } from './token-time.ts'

test.each([
  ['0s', 0],
  ['90s', 90],
  ['12h', 43_200],
  ['7d', 604_800],
])('%s are %d seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds)
})

test.each(['', 'soon', '-1h', '7w'])('%j is no duration', (text) => {
  expect(() => secondsOf(text)).toThrow(/no duration/)
})

test('no end is never', () => {
  expect([expiryText(0), expiryText(undefined), expiryText(60)]).toEqual(['never', 'never', '1970-01-01T00:01:00Z'])
  expect(timeText(undefined)).toBe('')
})
