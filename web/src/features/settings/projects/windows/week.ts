/** A week of sync windows: when each is open, by days of the clock that one looks at. Pure. */
import { readCron, startsBetween } from './cron.ts'

export interface WindowTimes {
  schedule?: string | undefined
  duration?: string | undefined
  timeZone?: string | undefined
}

/** While a window is open on one day. */
export interface Span {
  /** Of the windows that were given. */
  window: number
  /** 0 is the first day of the week that is shown. */
  day: number
  /** Minutes of the day, 0 to 1440. */
  from: number
  to: number
}

const dayMs = 24 * 3_600_000
const minuteMs = 60_000
const weekMs = 7 * dayMs

const unitMs: Record<string, number> = { h: 3_600_000, m: minuteMs, s: 1000, ms: 1 }

/** Go's durations such as `1h30m`, in milliseconds. */
export function readDuration(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined
  const ms = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0)
  return ms > 0 ? ms : undefined
}

/** Whether the times of a window can be read. */
export function isReadable({ schedule = '', duration = '' }: WindowTimes): boolean {
  return readCron(schedule) !== undefined && readDuration(duration) !== undefined
}

/**
 * `start`: the first midnight of the week, in milliseconds as the clock of `zone` shows it (as if that were UTC). A window
 * that cannot be read has no spans.
 */
export function spansOfWeek(windows: WindowTimes[], { start, zone }: { start: number; zone: string }): Span[] {
  return windows.flatMap((window, at) =>
    openTimes(window, { start, zone }).flatMap(({ from, to }) => daysOf(at, from - start, to - start)),
  )
}

export function isOpenAt(window: WindowTimes, instant: number): boolean {
  const zone = isTimeZone(window.timeZone) ? window.timeZone : 'UTC'
  const start = weekStart(instant, zone)
  const minute = (instant + offsetOf(zone, instant) - start) / minuteMs
  return spansOfWeek([window], { start, zone }).some(
    ({ day, from, to }) => day * 1440 + from <= minute && minute < day * 1440 + to,
  )
}

interface Interval {
  from: number
  to: number
}

/** On the clock of `zone`, cut to the week. */
function openTimes(
  { schedule = '', duration = '', timeZone }: WindowTimes,
  view: { start: number; zone: string },
): Interval[] {
  const cron = readCron(schedule)
  const ms = readDuration(duration)
  if (!cron || ms === undefined) return []
  const own = isTimeZone(timeZone) ? timeZone : 'UTC'
  // Clocks are at most 26 hours apart.
  const first = view.start - Math.min(ms, 366 * dayMs) - 2 * dayMs
  const starts = startsBetween(cron, first, view.start + weekMs + 2 * dayMs)
  const open = joined(starts.map((from) => ({ from, to: from + ms })))
  return open
    .map(({ from, to }) => ({ from: moved(from, own, view.zone), to: moved(to, own, view.zone) }))
    .map(({ from, to }) => ({ from: Math.max(from, view.start), to: Math.min(to, view.start + weekMs) }))
    .filter(({ from, to }) => from < to)
}

function joined(intervals: Interval[]): Interval[] {
  const all: Interval[] = []
  for (const { from, to } of intervals) {
    const last = all.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else all.push({ from, to })
  }
  return all
}

function daysOf(window: number, from: number, to: number): Span[] {
  const spans: Span[] = []
  for (let day = Math.floor(from / dayMs); day * dayMs < to; day++) {
    const begin = Math.max(from, day * dayMs) - day * dayMs
    const end = Math.min(to, (day + 1) * dayMs) - day * dayMs
    spans.push({ window, day, from: begin / minuteMs, to: end / minuteMs })
  }
  return spans
}

/** A time of one clock as another shows it. */
function moved(wall: number, from: string, to: string): number {
  if (from === to) return wall
  const guess = wall - offsetOf(from, wall)
  const instant = wall - offsetOf(from, guess)
  return instant + offsetOf(to, instant)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clock of a time zone is ahead of UTC at an instant. */
export function offsetOf(zone: string, instant: number): number {
  if (zone === 'UTC') return 0
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  formats.set(zone, format)
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes, seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? []
  if (sign === undefined) return 0
  const size = Number(hours) * 3_600_000 + Number(minutes) * minuteMs + Number(seconds) * 1000
  return sign === '-' ? -size : size
}

export function isTimeZone(zone: string | undefined): zone is string {
  if (!zone) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The midnight before the Monday of an instant, on the clock of a zone. */
export function weekStart(instant: number, zone: string): number {
  const day = Math.floor((instant + offsetOf(zone, instant)) / dayMs)
  // 1970 began on a Thursday.
  return (day - ((day + 3) % 7)) * dayMs
}

export interface PlacedSpan extends Span {
  /** Windows that are open at the same time stand beside each other. */
  lane: number
  lanes: number
}

export function placed(spans: Span[]): PlacedSpan[] {
  return Array.from({ length: 7 }, (_, day) => placedDay(spans.filter((span) => span.day === day))).flat()
}

function placedDay(spans: Span[]): PlacedSpan[] {
  const sorted = [...spans].sort(
    (one, other) => one.from - other.from || other.to - one.to || one.window - other.window,
  )
  const done: PlacedSpan[] = []
  let group: PlacedSpan[] = []
  const ends: number[] = []
  const close = () => {
    for (const span of group) span.lanes = ends.length
    done.push(...group)
    group = []
    ends.length = 0
  }
  for (const span of sorted) {
    if (group.length > 0 && span.from >= Math.max(...ends)) close()
    const free = ends.findIndex((end) => end <= span.from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = span.to
    group.push({ ...span, lane, lanes: 1 })
  }
  close()
  return done
}
