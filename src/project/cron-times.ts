/** The times that a cron schedule of five fields names, forwards and backwards, reckoned without a time zone. Pure. */
import { CronPattern } from 'croner'

/** All times in milliseconds, on whole minutes. */
export interface CronTimes {
  /** Infinity: there is none within five years. */
  firstAfter(time: number): number
  /** At `time` or before; -Infinity: there is none within five years. */
  lastUpTo(time: number): number
}

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
const mostDays = 5 * 366

/** Throws an Error that says what is wrong with the schedule. */
export function cronTimes(schedule: string): CronTimes {
  const { minute, hour, day, month, dayOfWeek, starDOM, starDOW } = parse(schedule)
  const starts = hour.flatMap((isHour, at) =>
    isHour ? minute.flatMap((isMinute, past) => (isMinute ? (at * 60 + past) * minuteMs : [])) : [],
  )

  /** A schedule that names days of the month and of the week means either. */
  function hasDay(number: number): boolean {
    const date = new Date(number * dayMs)
    if (!month[date.getUTCMonth()]) return false
    const inMonth = Boolean(day[date.getUTCDate() - 1])
    const inWeek = Boolean(dayOfWeek[date.getUTCDay()])
    return starDOM || starDOW ? inMonth && inWeek : inMonth || inWeek
  }

  return {
    firstAfter(time) {
      const today = Math.floor(time / dayMs)
      for (let number = today; number <= today + mostDays; number++) {
        if (!hasDay(number)) continue
        const found = starts.find((start) => number * dayMs + start > time)
        if (found !== undefined) return number * dayMs + found
      }
      return Number.POSITIVE_INFINITY
    },
    lastUpTo(time) {
      const today = Math.floor(time / dayMs)
      for (let number = today; number >= today - mostDays; number--) {
        if (!hasDay(number)) continue
        const found = starts.findLast((start) => number * dayMs + start <= time)
        if (found !== undefined) return number * dayMs + found
      }
      return Number.NEGATIVE_INFINITY
    },
  }
}

/** The cron library knows more than Argo CD: seconds, nicknames, last days, the present moment for a question mark. */
function parse(schedule: string): CronPattern {
  const fields = schedule.trim().split(/\s+/)
  const isPlain = fields.every((field) =>
    /^(\?|(\*|[a-z\d]+(-[a-z\d]+)?)(\/\d+)?(,(\*|[a-z\d]+(-[a-z\d]+)?)(\/\d+)?)*)$/i.test(field),
  )
  const hasExtensions = /L|W$/i.test(fields[2] ?? '') || /\dL$/i.test(fields[4] ?? '')
  if (fields.length !== 5 || !isPlain || hasExtensions) {
    throw new Error('it is not made of five fields: minute, hour, day of the month, month, day of the week')
  }
  return new CronPattern(fields.map((field) => (field === '?' ? '*' : field)).join(' '), 'UTC', { mode: '5-part' })
}
