/** When a sync window is open: a cron schedule on the clock of a time zone, and for how long. Pure. */
import { messageOf, parseDuration, type SyncWindow } from '../model/index.ts'
import { type CronTimes, cronTimes } from './cron-times.ts'

/** All times in milliseconds since the epoch. */
export interface WindowTimes {
  /** From its start on, and until just before its end. */
  isActive(at: number): boolean
  /** When the window may open or close next: nothing changes before. Infinity: never again. */
  nextEdge(at: number): number
}

const known = new Map<string, WindowTimes | string>()
const mostKnown = 2000

/** A text says what is wrong with the window. */
export function windowTimes({ schedule = '', duration = '', timeZone = '' }: SyncWindow): WindowTimes | string {
  const key = `${schedule}|${duration}|${timeZone}`
  let times = known.get(key)
  if (times === undefined) {
    if (known.size >= mostKnown) known.clear()
    times = readTimes(schedule, duration, timeZone)
    known.set(key, times)
  }
  return times
}

function readTimes(schedule: string, duration: string, timeZone: string): WindowTimes | string {
  const ms = /^\d+$/.test(duration.trim()) ? undefined : parseDuration(duration)
  if (ms === undefined || ms <= 0) return `its duration ${JSON.stringify(duration)} is none such as 1h30m`
  try {
    return onWallClock(cronTimes(schedule), ms, offsetsOf(timeZone))
  } catch (error) {
    return `its schedule ${JSON.stringify(schedule)} cannot be read: ${messageOf(error)}`
  }
}

/**
 * As in Argo CD a window belongs to the wall clock: one of eight hours from 22:00 ends at 06:00, also in the night in
 * which the clocks are turned. `offset`: what the wall clock is ahead of UTC at an instant.
 */
function onWallClock(cron: CronTimes, ms: number, offset: (at: number) => number): WindowTimes {
  const covers = (wall: number) => cron.lastUpTo(wall) + ms > wall

  function edgeOnWall(wall: number): number {
    if (!covers(wall)) return cron.firstAfter(wall)
    let end = cron.lastUpTo(wall) + ms
    // Windows may overlap or follow each other without a gap.
    for (let step = 0; step < mostSteps; step++) {
      const next = cron.lastUpTo(end) + ms
      if (next <= end) break
      end = next
    }
    return end
  }

  function findEdge(at: number): number {
    const ahead = offset(at)
    const edge = edgeOnWall(at + ahead) - ahead
    if (edge === Number.POSITIVE_INFINITY) return edge
    // So far nobody turns the clocks twice within so short a time.
    const horizon = Math.min(edge, (Math.floor(at / fortnightMs) + 1) * fortnightMs)
    return offset(horizon) === ahead ? horizon : turnBetween(at, horizon, offset)
  }

  // Many applications ask the same question.
  let spans: { from: number; to: number }[] = []

  return {
    isActive: (at) => covers(at + offset(at)),
    nextEdge(at) {
      const found = spans.find(({ from, to }) => from <= at && at < to)
      if (found) return found.to
      const to = findEdge(at)
      spans = [{ from: at, to }, ...spans.slice(0, 99)]
      return to
    },
  }
}

const fortnightMs = 14 * 24 * 3_600_000

/** What goes on without a gap for longer is looked at again from there. */
const mostSteps = 400

/** The instant at which the clocks are turned. */
function turnBetween(from: number, to: number, offset: (at: number) => number): number {
  const before = offset(from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offset(middle) === before) low = middle
    else high = middle
  }
  return high
}

/** A time zone that does not exist counts as UTC, as in Argo CD. */
function offsetsOf(timeZone: string): (at: number) => number {
  if (timeZone === '' || timeZone === 'UTC' || !isTimeZone(timeZone)) return () => 0
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes, seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? []
    if (sign === undefined) return 0
    const size = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
    return sign === '-' ? -size : size
  }
}

export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
    return true
  } catch {
    return false
  }
}
