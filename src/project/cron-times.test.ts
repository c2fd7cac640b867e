import { Cron } from 'croner'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cronTimes } from './cron-times.ts'

const day = 24 * 3_600_000

function field(min: number, max: number) {
  const number = fc.integer({ min, max })
  return fc.oneof(
    fc.constant('*'),
    number.map(String),
    fc.tuple(number, number).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
    fc.integer({ min: 2, max: Math.max(2, Math.floor(max / 2)) }).map((step) => `*/${step}`),
    fc.tuple(number, number).map(([one, other]) => `${one},${other}`),
  )
}

const schedule = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
  .map((fields) => fields.join(' '))

test('times forwards and backwards are those of the cron library', () => {
  fc.assert(
    fc.property(schedule, fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }), (text, time) => {
      const times = cronTimes(text)
      const cron = new Cron(text, { timezone: 'UTC', paused: true })
      const first = times.firstAfter(time)
      expect(first).toBe(cron.nextRun(new Date(time))?.getTime())
      // Nothing lies between the last time up to here and the first after it.
      const last = times.lastUpTo(time)
      expect(last).toBeLessThanOrEqual(time)
      expect(times.firstAfter(last)).toBe(first)
      expect(times.firstAfter(last - 1)).toBe(last)
    }),
    { numRuns: 300 },
  )
})

test('names, question marks and Sunday as 7 are understood', () => {
  const from = Date.UTC(2026, 10, 23)
  expect(cronTimes('0 0 ? JAN SUN').firstAfter(from)).toBe(Date.UTC(2027, 0, 3))
  expect(cronTimes('0 0 * * 7').firstAfter(from)).toBe(Date.UTC(2026, 10, 29))
  expect(cronTimes('0 0 * JUL WED').firstAfter(from)).toBe(Date.UTC(2027, 6, 7))
})

test('a day that never comes has no time', () => {
  const { firstAfter, lastUpTo } = cronTimes('0 0 30 2 *')
  expect([firstAfter(0), lastUpTo(3000 * day)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
})

test.each([
  '@daily',
  '* * * * * *',
  '* * * *',
  '0 0 L * *',
  '0 0 15W * *',
  '0 0 * * 5L',
  '0 0 * * MON#2',
  '60 * * * *',
  '',
])('%j is refused', (text) => {
  expect(() => cronTimes(text)).toThrow()
})
