import { Cron } from 'croner'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCron, startsBetween } from './cron.ts'
import { isOpenAt, isReadable, offsetOf, placed, readDuration, type Span, spansOfWeek, weekStart } from './week.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
const dayMs = 24 * hourMs
/** A Monday. */
const monday = Date.UTC(2026, 10, 23)

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

test('starts are those of the cron library', () => {
  fc.assert(
    fc.property(schedule, fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }), (text, time) => {
      const cron = readCron(text)
      if (!cron) throw new Error(`${text} was not read`)
      const from = Math.floor(time / minuteMs) * minuteMs
      const to = from + 3 * dayMs
      const own = startsBetween(cron, from, to)
      const theirs: number[] = []
      const library = new Cron(text, { timezone: 'UTC', paused: true })
      let next = library.nextRun(new Date(from - 1))
      for (; next && next.getTime() < to && theirs.length < 50; next = library.nextRun(next))
        theirs.push(next.getTime())
      expect(own.slice(0, 50)).toEqual(theirs)
    }),
    { numRuns: 200 },
  )
})

test('names, question marks, steps and Sunday as 7 are understood', () => {
  const starts = (text: string) => {
    const cron = readCron(text)
    return cron
      ? startsBetween(cron, monday, monday + 14 * dayMs).map((at) => new Date(at).toISOString().slice(5, 16))
      : text
  }
  expect(starts('0 0 ? * SUN')).toEqual(['11-29T00:00', '12-06T00:00'])
  expect(starts('0 0 * * 7')).toEqual(['11-29T00:00', '12-06T00:00'])
  expect(starts('30 22 1 dec *')).toEqual(['12-01T22:30'])
  expect(starts('5/20 3 * * tue')).toHaveLength(6)
})

test.each([
  '@daily',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * 8',
  '5-1 * * * *',
  '*/0 * * * *',
  'x * * * *',
  '',
])('%j is not read', (text) => {
  expect(readCron(text)).toBeUndefined()
})

test('durations are those of Go', () => {
  expect(['1h', '1h30m', '90s', '1.5h', '1d', '1', '', '0s', 'h'].map(readDuration)).toEqual([
    hourMs,
    1.5 * hourMs,
    90_000,
    1.5 * hourMs,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(isReadable({ schedule: '0 0 * * *', duration: '1h' })).toBe(true)
  expect(isReadable({ schedule: '0 0 * * *', duration: '1d' })).toBe(false)
})

const zones = ['UTC', 'Asia/Kolkata', 'Asia/Tokyo', 'America/Bogota', 'Pacific/Kiritimati']

test('a window is shown open exactly when the cron library says that it has begun and not ended', () => {
  const minutes = fc.integer({ min: 1, max: 3 * 24 * 60 })
  const at = fc.integer({ min: 0, max: 7 * 24 * 60 - 1 })
  fc.assert(
    fc.property(
      schedule,
      minutes,
      fc.constantFrom(...zones),
      fc.constantFrom(...zones),
      at,
      (text, duration, timeZone, zone, minute) => {
        const spans = spansOfWeek([{ schedule: text, duration: `${duration}m`, timeZone }], { start: monday, zone })
        const isShown = spans.some(({ day, from, to }) => day * 1440 + from <= minute && minute < day * 1440 + to)
        const instant = monday + minute * minuteMs - offsetOf(zone, monday)
        const cron = new Cron(text, { timezone: timeZone, paused: true })
        const next = cron.nextRun(new Date(instant - duration * minuteMs))
        expect(isShown).toBe(next !== null && next.getTime() <= instant)
      },
    ),
    { numRuns: 300 },
  )
})

test('whether a window is open now', () => {
  const window = { schedule: '0 22 * * 1', duration: '8h', timeZone: 'Asia/Tokyo' }
  // Monday 22:00 in Tokyo is 13:00 in London.
  expect([12, 13, 20, 21].map((hour) => isOpenAt(window, monday + hour * hourMs))).toEqual([false, true, true, false])
})

test('a window across midnight is on both days, one without end on all', () => {
  const view = { start: monday, zone: 'UTC' }
  expect(spansOfWeek([{ schedule: '0 22 * * 1', duration: '8h' }], view)).toEqual([
    { window: 0, day: 0, from: 1320, to: 1440 },
    { window: 0, day: 1, from: 0, to: 360 },
  ])
  expect(spansOfWeek([{ schedule: '0 0 1 * *', duration: '800h' }], view)).toHaveLength(7)
  expect(spansOfWeek([{ schedule: 'nonsense', duration: '1h' }], view)).toEqual([])
})

test('where clocks are turned, a window keeps to the wall clock', () => {
  // In the night to 29 March 2026.
  const start = Date.UTC(2026, 2, 23)
  const window = { schedule: '0 22 * * *', duration: '8h', timeZone: 'Europe/Paris' }
  const own = spansOfWeek([window], { start, zone: 'Europe/Paris' })
  expect(own.filter(({ day }) => day >= 5)).toEqual([
    { window: 0, day: 5, from: 0, to: 360 },
    { window: 0, day: 5, from: 1320, to: 1440 },
    { window: 0, day: 6, from: 0, to: 360 },
    { window: 0, day: 6, from: 1320, to: 1440 },
  ])
  const inUtc = spansOfWeek([window], { start, zone: 'UTC' })
  // One hour less.
  expect(inUtc.filter(({ day }) => day === 6)[0]).toEqual({ window: 0, day: 6, from: 0, to: 240 })
  expect(inUtc.filter(({ day }) => day === 5)[0]).toEqual({ window: 0, day: 5, from: 0, to: 300 })
})

test('a week begins on a Monday of the clock that is looked at', () => {
  expect(weekStart(Date.UTC(2026, 10, 27, 20), 'UTC')).toBe(monday)
  expect(weekStart(monday - 1, 'UTC')).toBe(monday - 7 * dayMs)
  // Already Monday there.
  expect(weekStart(monday - hourMs, 'Asia/Tokyo')).toBe(monday)
})

test('spans that overlap stand beside each other, and never on the same place', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 1430 }), fc.integer({ min: 5, max: 600 }), fc.integer({ min: 0, max: 1 }))
    .map(([from, length, day]) => ({ from, to: Math.min(1440, from + length), day }))
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (given) => {
      const spans: Span[] = given.map((one, window) => ({ window, ...one }))
      const all = placed(spans)
      expect(all).toHaveLength(spans.length)
      for (const one of all) {
        expect(one.lane).toBeLessThan(one.lanes)
        for (const other of all) {
          if (one === other || one.day !== other.day || one.from >= other.to || other.from >= one.to) continue
          expect(one.lane).not.toBe(other.lane)
          expect(one.lanes).toBe(other.lanes)
        }
      }
    }),
  )
})
