/** When a CronJob is due: cron lines, @every, and time zones. */
import { Cron } from 'croner'
import type { CronJob } from './workload.ts'

/** More missed starts than these mean that a clock is wrong or a controller was away too long. */
const tooMany = 100

interface Schedule {
  /** The first time after `ms`. */
  next(ms: number): number | undefined
}

const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000 }

function interval(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}

/** Throws when the line is none. */
function scheduleOf({ spec, metadata }: CronJob): Schedule {
  const every = /^@every\s+(.+)$/.exec(spec.schedule)
  if (every) {
    const step = Math.max(1000, interval(every[1] ?? ''))
    const origin = Date.parse(metadata.creationTimestamp ?? '')
    return { next: (ms) => origin + (Math.floor((ms - origin) / step) + 1) * step }
  }
  const zone = /^(?:CRON_)?TZ=(\S+)\s+(.+)$/.exec(spec.schedule)
  const timezone = spec.timeZone ?? zone?.[1] ?? 'UTC'
  const cron = new Cron(zone?.[2] ?? spec.schedule, { timezone, paused: true })
  return { next: (ms) => cron.nextRun(new Date(ms))?.getTime() }
}

export interface Due {
  /** The latest time that has come and was not started; undefined when there is none. */
  last?: number
  /** The next time to come. */
  next?: number
  hasMissedTooMany: boolean
}

/** Throws an Error with the parser's words when the schedule cannot be read. */
export function dueOf(cronJob: CronJob, now: number): Due {
  const schedule = scheduleOf(cronJob)
  const { spec, status, metadata } = cronJob
  const started = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '')
  const deadline = spec.startingDeadlineSeconds
  const earliest = deadline === undefined ? started : Math.max(started, now - deadline * 1000)
  let last: number | undefined
  let missed = 0
  let next = schedule.next(earliest)
  while (next !== undefined && next <= now && missed <= tooMany) {
    last = next
    missed += 1
    next = schedule.next(next)
  }
  if (missed <= tooMany) return { last, next, hasMissedTooMany: false }
  // Too far back to be counted one by one: only the newest minute matters
  const recent = schedule.next(now - 60_000)
  return {
    last: recent !== undefined && recent <= now ? recent : last,
    next: schedule.next(now),
    hasMissedTooMany: true,
  }
}
