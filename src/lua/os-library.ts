/** The part of `os` that touches nothing: time and date, in UTC. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const two = (value: number) => String(value).padStart(2, '0')
const hour12 = (time: Date) => time.getUTCHours() % 12 || 12
const dayName = (time: Date) => days[time.getUTCDay()] ?? ''
const monthName = (time: Date) => months[time.getUTCMonth()] ?? ''
const isoDate = (time: Date) => time.toISOString().slice(0, 10)
const isoTime = (time: Date) => time.toISOString().slice(11, 19)
const dayOfYear = (time: Date) => 1 + Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000)

const directives: Record<string, (time: Date) => string> = {
  a: (time) => dayName(time).slice(0, 3),
  A: dayName,
  b: (time) => monthName(time).slice(0, 3),
  B: monthName,
  c: (time) =>
    `${two(time.getUTCDate())} ${monthName(time).slice(0, 3)} ${two(time.getUTCFullYear() % 100)} ${isoTime(time).slice(0, 5)} UTC`,
  d: (time) => two(time.getUTCDate()),
  F: isoDate,
  H: (time) => two(time.getUTCHours()),
  I: (time) => two(hour12(time)),
  j: (time) => String(dayOfYear(time)).padStart(3, '0'),
  m: (time) => two(time.getUTCMonth() + 1),
  M: (time) => two(time.getUTCMinutes()),
  p: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  S: (time) => two(time.getUTCSeconds()),
  T: isoTime,
  w: (time) => String(time.getUTCDay()),
  x: isoDate,
  X: isoTime,
  y: (time) => two(time.getUTCFullYear() % 100),
  Y: (time) => String(time.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'UTC',
}

/** `os.date`: text, or for `*t` a table. `format` may begin with `!`, which asks for the UTC that it is anyway. */
export function osDate(format: string, time: Date): string | Record<string, number | boolean> {
  const wanted = format.replace(/^!/, '')
  if (!wanted.startsWith('*t')) {
    return wanted.replace(/%(.)/g, (all, letter: string) =>
      letter === '%' ? '%' : (directives[letter]?.(time) ?? all),
    )
  }
  return {
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    min: time.getUTCMinutes(),
    sec: time.getUTCSeconds(),
    wday: time.getUTCDay() + 1,
    yday: dayOfYear(time),
    isdst: false,
  }
}

/** `os.time` of a table: seconds since 1970. */
export function osTime(fields: Record<string, unknown>): number {
  const field = (name: string, otherwise: number) => {
    const value = fields[name]
    return typeof value === 'number' ? value : otherwise
  }
  const date = [field('year', 1970), field('month', 1) - 1, field('day', 1)] as const
  return Date.UTC(...date, field('hour', 12), field('min', 0), field('sec', 0)) / 1000
}
