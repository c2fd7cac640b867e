import { expect, test } from 'vitest'
import { ageOf, humanDuration } from './human-duration.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [9 * minute + 5 * second, '9m5s'],
  [179 * minute, '179m'],
  [3 * hour + 20 * minute, '3h20m'],
  [8 * hour + 59 * minute, '8h'],
  [47 * hour, '47h'],
  [2 * day + 3 * hour, '2d3h'],
  [8 * day, '8d'],
  [729 * day, '729d'],
  [800 * day, '2y70d'],
  [9 * 365 * day, '9y'],
])('%d milliseconds are %s', (milliseconds, told) => expect(humanDuration(milliseconds)).toBe(told))

test('the age of what has no time is unknown', () => {
  expect(ageOf(undefined, new Date())).toBe('<unknown>')
  expect(ageOf('2026-01-01T00:00:00Z', new Date('2026-01-01T00:01:00Z'))).toBe('60s')
})
