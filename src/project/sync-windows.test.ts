import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SyncWindow } from '../model/index.ts'
import { windowsFor, windowVerdict } from './sync-windows.ts'

const minute = 60_000
const at = (text: string) => Date.parse(text)
const subject = { name: 'shop', namespace: 'shop-prod', clusters: ['in-cluster', 'https://kubernetes.default.svc'] }
const nightly: SyncWindow = { kind: 'deny', schedule: '0 22 * * *', duration: '8h', applications: ['*'] }
const office: SyncWindow = { kind: 'allow', schedule: '0 8 * * 1-5', duration: '10h', applications: ['*'] }

function verdict(windows: SyncWindow[], now: string, manual = false, startedAt?: string) {
  return windowVerdict(windows, { manual, now: at(now), ...(startedAt && { startedAt: at(startedAt) }) })
}

test('a deny window holds what is automated and what is asked for, and tells until when', () => {
  const { permitted, reason, until } = verdict([nightly], '2026-11-23T23:30:00Z')
  expect(permitted).toBe(false)
  expect(reason).toBe('the deny window "0 22 * * *" for 8h is open until 2026-11-24T06:00:00Z')
  expect(until).toBe(at('2026-11-24T06:00:00Z'))
  expect(verdict([nightly], '2026-11-23T23:30:00Z', true).permitted).toBe(false)
  expect(verdict([nightly], '2026-11-23T12:00:00Z')).toEqual({ permitted: true, reason: 'no deny window is open' })
})

test('a window is open from its first instant to just before its last', () => {
  const permitted = (time: string) => verdict([nightly], time).permitted
  expect(permitted('2026-11-23T21:59:59.999Z')).toBe(true)
  expect(permitted('2026-11-23T22:00:00Z')).toBe(false)
  expect(permitted('2026-11-24T05:59:59.999Z')).toBe(false)
  expect(permitted('2026-11-24T06:00:00Z')).toBe(true)
})

test('outside of the allow windows nothing is synced, inside everything', () => {
  const { permitted, reason, until } = verdict([office], '2026-11-21T12:00:00Z')
  expect(permitted).toBe(false)
  expect(reason).toBe('the allow window "0 8 * * 1-5" for 10h is closed until 2026-11-23T08:00:00Z')
  expect(until).toBe(at('2026-11-23T08:00:00Z'))
  expect(verdict([office], '2026-11-23T12:00:00Z').permitted).toBe(true)
})

test('deny beats allow, also an allow window that is open', () => {
  expect(
    verdict([{ ...office, schedule: '0 0 * * *', duration: '24h' }, nightly], '2026-11-23T23:00:00Z').permitted,
  ).toBe(false)
})

test('a manual sync is permitted when every window in its way has manualSync', () => {
  const [open, shut] = [
    { ...nightly, manualSync: true },
    { ...nightly, schedule: '0 21 * * *' },
  ]
  expect(verdict([open], '2026-11-23T23:00:00Z', true).permitted).toBe(true)
  expect(verdict([open], '2026-11-23T23:00:00Z', false).permitted).toBe(false)
  expect(verdict([open, shut], '2026-11-23T23:00:00Z', true).permitted).toBe(false)
  expect(verdict([{ ...office, manualSync: true }], '2026-11-21T12:00:00Z', true).permitted).toBe(true)
  expect(verdict([{ ...office, manualSync: true }, office], '2026-11-21T12:00:00Z', true).permitted).toBe(false)
})

test('with syncOverrun an operation goes on that began when it was permitted, and no other', () => {
  const overrun = [{ ...nightly, syncOverrun: true }]
  expect(verdict(overrun, '2026-11-23T22:10:00Z', false, '2026-11-23T21:50:00Z').permitted).toBe(true)
  expect(verdict(overrun, '2026-11-23T22:10:00Z', false, '2026-11-23T22:05:00Z').permitted).toBe(false)
  expect(verdict([...overrun, nightly], '2026-11-23T22:10:00Z', false, '2026-11-23T21:50:00Z').permitted).toBe(false)
  const allow = [{ ...office, syncOverrun: true }]
  expect(verdict(allow, '2026-11-23T18:10:00Z', false, '2026-11-23T17:50:00Z').permitted).toBe(true)
  expect(verdict([office], '2026-11-23T18:10:00Z', false, '2026-11-23T17:50:00Z').permitted).toBe(false)
})

test('a window keeps to the clock on the wall, also when the clocks are turned', () => {
  // In Berlin it is 22:00 at 21:00Z in winter and at 20:00Z in summer.
  const berlin = [{ ...nightly, timeZone: 'Europe/Berlin' }]
  const until = (now: string) => verdict(berlin, now).until
  expect(verdict(berlin, '2026-11-23T21:30:00Z').permitted).toBe(false)
  expect(verdict(berlin, '2026-07-01T20:30:00Z').permitted).toBe(false)
  expect(verdict(berlin, '2026-07-01T19:30:00Z').permitted).toBe(true)
  expect(until('2026-03-28T22:00:00Z')).toBe(at('2026-03-29T04:00:00Z'))
  expect(until('2026-10-24T22:00:00Z')).toBe(at('2026-10-25T05:00:00Z'))
})

test('a time zone that does not exist counts as UTC, and is told', () => {
  const { permitted, reason } = verdict([{ ...nightly, timeZone: 'Mars/Olympus' }], '2026-11-23T23:00:00Z')
  expect(permitted).toBe(false)
  expect(reason).toMatch(/Mars\/Olympus, which is no time zone: UTC/)
})

test('windows that overlap or touch are one: until tells when the last of them ends', () => {
  const chained = { ...nightly, schedule: '0 */4 * * *', duration: '4h' }
  expect(verdict([chained], '2026-11-23T23:00:00Z')).toMatchObject({ permitted: false })
  expect(verdict([chained], '2026-11-23T23:00:00Z').until).toBeUndefined()
  const evening = { ...nightly, schedule: '0 18 * * *', duration: '5h' }
  expect(verdict([evening, nightly], '2026-11-23T19:00:00Z').until).toBe(at('2026-11-24T06:00:00Z'))
})

test.each([
  [{ ...nightly, schedule: '60 * * * *' }, /schedule "60 \* \* \* \*"/],
  [{ ...nightly, schedule: '@daily' }, /five fields/],
  [{ ...nightly, schedule: '* * * * * *' }, /five fields/],
  [{ ...nightly, schedule: '0 0 L * *' }, /five fields/],
  [{ ...nightly, duration: '8' }, /duration "8"/],
  [{ ...nightly, duration: 'long' }, /duration "long"/],
  [{ ...nightly, kind: 'maybe' }, /kind "maybe"/],
])('a window that cannot be read refuses everything and says why: %j', (window, message) => {
  const { permitted, reason } = verdict([window], '2026-11-23T12:00:00Z', true)
  expect(permitted).toBe(false)
  expect(reason).toMatch(message)
})

test('a day that never comes opens no window', () => {
  expect(verdict([{ ...nightly, schedule: '0 0 30 2 *' }], '2026-11-23T12:00:00Z').permitted).toBe(true)
})

test.each([
  [{ applications: ['sh*'] }, true],
  [{ applications: ['other'] }, false],
  [{ applications: ['other'], namespaces: ['shop-*'] }, true],
  [{ applications: ['other'], namespaces: ['shop-*'], andOperator: true }, false],
  [{ applications: ['shop'], namespaces: ['shop-*'], clusters: ['in-cluster'], andOperator: true }, true],
  [{ applications: ['shop'], clusters: ['prod'], andOperator: true }, false],
  [{ clusters: ['https://kubernetes.*'] }, true],
  [{ applications: [] }, false],
  [{ andOperator: true }, false],
])('a window with %j concerns the application: %s', (selectors, expected) => {
  expect(windowsFor({ syncWindows: [{ kind: 'deny', ...selectors }] }, subject)).toHaveLength(expected ? 1 : 0)
})

// The oracle knows nothing of cron libraries: it walks through the minutes of the wall clock, one after the other.

interface PlainWindow {
  window: SyncWindow
  hour: number
  minute: number
  weekday: number | undefined
  minutes: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallMinutes(instant: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  const parts = format.format(instant)
  return Math.floor(Date.parse(`${parts.replace(' ', 'T')}Z`) / minute)
}

function isOpen({ window, hour, minute: startMinute, weekday, minutes }: PlainWindow, instant: number): boolean {
  const now = wallMinutes(instant, window.timeZone ?? 'UTC')
  for (let back = 0; back < minutes; back++) {
    const wall = new Date((now - back) * minute)
    if (wall.getUTCHours() !== hour || wall.getUTCMinutes() !== startMinute) continue
    if (weekday === undefined || wall.getUTCDay() === weekday) return true
  }
  return false
}

function mayByOracle(windows: PlainWindow[], instant: number, manual: boolean): boolean {
  const open = windows.filter((plain) => isOpen(plain, instant))
  const denies = open.filter(({ window }) => window.kind === 'deny')
  if (denies.length > 0) return manual && denies.every(({ window }) => window.manualSync)
  if (open.length > 0) return true
  const shut = windows.filter(({ window }) => window.kind === 'allow')
  return shut.length === 0 || (manual && shut.every(({ window }) => window.manualSync))
}

const plainWindow = fc
  .record({
    kind: fc.constantFrom('allow', 'deny'),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.constantFrom(0, 30, 59),
    weekday: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    minutes: fc.constantFrom(1, 30, 90, 480, 1440, 1500),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
    manualSync: fc.boolean(),
  })
  .map(({ kind, hour, minute: start, weekday, minutes, timeZone, manualSync }): PlainWindow => {
    const schedule = `${start} ${hour} * * ${weekday ?? '*'}`
    const window = { kind, schedule, duration: `${minutes}m`, timeZone, manualSync, applications: ['*'] }
    return { window, hour, minute: start, weekday, minutes }
  })

// Days on which clocks are turned, and an ordinary one.
const days = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-25', '2026-11-01', '2026-06-10'].map((day) => at(day))

test('minute by minute the verdict is that of an oracle that counts', () => {
  fc.assert(
    fc.property(
      fc.array(plainWindow, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...days),
      fc.integer({ min: -1440, max: 2880 }),
      fc.boolean(),
      (windows, day, offset, manual) => {
        const now = day + offset * minute
        const { permitted } = windowVerdict(
          windows.map(({ window }) => window),
          { manual, now },
        )
        expect(permitted).toBe(mayByOracle(windows, now, manual))
      },
    ),
    { numRuns: 400 },
  )
})

test('until is the first minute at which the oracle permits what it refused before', () => {
  fc.assert(
    fc.property(
      fc.array(plainWindow, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(...days),
      fc.integer({ min: 0, max: 1439 }),
      (windows, day, offset) => {
        const now = day + offset * minute
        const { permitted, until } = windowVerdict(
          windows.map(({ window }) => window),
          { manual: false, now },
        )
        if (permitted) return
        const limit = Math.min(until ?? Number.POSITIVE_INFINITY, now + 1440 * minute)
        for (let time = now; time < limit; time += 7 * minute) expect(mayByOracle(windows, time, false)).toBe(false)
        if (until !== undefined) {
          expect(mayByOracle(windows, until - minute, false)).toBe(false)
          expect(mayByOracle(windows, until, false)).toBe(true)
        }
      },
    ),
    { numRuns: 60 },
  )
})
