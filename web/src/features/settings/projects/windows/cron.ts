/** The starts that a cron schedule of five fields names, on a clock without a time zone. Pure. */

export interface CronFields {
  minutes: number[]
  hours: number[]
  /** The start of that day may be named. `number`: days since 1970. */
  hasDay(number: number): boolean
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const dayMs = 24 * 3_600_000
const minuteMs = 60_000

/** undefined: it cannot be read. */
export function readCron(schedule: string): CronFields | undefined {
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const minutes = readField(minute, { from: 0, to: 59 })
  const hours = readField(hour, { from: 0, to: 23 })
  const monthDays = readField(day, { from: 1, to: 31 })
  const inMonths = readField(month, { from: 1, to: 12, names: months, first: 1 })
  const weekdays = readField(weekday, { from: 0, to: 7, names: days, first: 0 })
  if (!minutes || !hours || !monthDays || !inMonths || !weekdays) return undefined
  // Sunday is 0 and 7.
  const inWeek = new Set([...weekdays].map((one) => one % 7))
  const isAnyDay = isStar(day) || isStar(weekday)
  return {
    minutes: [...minutes].sort((one, other) => one - other),
    hours: [...hours].sort((one, other) => one - other),
    hasDay(number) {
      const date = new Date(number * dayMs)
      if (!inMonths.has(date.getUTCMonth() + 1)) return false
      const [ofMonth, ofWeek] = [monthDays.has(date.getUTCDate()), inWeek.has(date.getUTCDay())]
      // A schedule that names days of the month and of the week means either.
      return isAnyDay ? ofMonth && ofWeek : ofMonth || ofWeek
    },
  }
}

/** All starts from `from` on and before `to`, in milliseconds of that clock. */
export function startsBetween({ minutes, hours, hasDay }: CronFields, from: number, to: number): number[] {
  const starts: number[] = []
  for (let day = Math.floor(from / dayMs); day * dayMs < to; day++) {
    if (!hasDay(day)) continue
    for (const hour of hours) {
      for (const minute of minutes) {
        const start = day * dayMs + (hour * 60 + minute) * minuteMs
        if (start >= from && start < to) starts.push(start)
      }
    }
  }
  return starts
}

interface Range {
  from: number
  to: number
  names?: string[]
  /** The number of the first name. */
  first?: number
}

function isStar(field: string): boolean {
  return field === '*' || field === '?'
}

function readField(field: string, range: Range): Set<number> | undefined {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const read = readPart(part, range)
    if (!read) return undefined
    for (const value of read) values.add(value)
  }
  return values
}

function readPart(part: string, range: Range): number[] | undefined {
  const [, span = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
  const every = step === undefined ? 1 : Number(step)
  if (span === '' || every < 1 || every > range.to + 1) return undefined
  const [first, last] = isStar(span) ? [range.from, range.to] : boundsOf(span, range, step !== undefined)
  if (first === undefined || last === undefined || first > last) return undefined
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) => first + at * every)
}

/** `5/15` goes on to the end. */
function boundsOf(span: string, range: Range, isOpen: boolean): [number | undefined, number | undefined] {
  const [low = '', high, ...more] = span.split('-')
  if (more.length > 0) return [undefined, undefined]
  const first = numberOf(low, range)
  return [first, high === undefined ? (isOpen ? range.to : first) : numberOf(high, range)]
}

function numberOf(text: string, { from, to, names = [], first = 0 }: Range): number | undefined {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return named + first
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? value : undefined
}
