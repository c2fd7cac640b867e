/** Times as Go reads and writes them in API objects. */

/** A text is not a time; the message is Go's. */
export class TimeSyntaxError extends Error {}

const seconds = '2006-01-02T15:04:05Z07:00'
const micros = '2006-01-02T15:04:05.000000Z07:00'

/** The time in UTC to the second, as metav1.Time writes it. */
export function canonicalTime(text: string): string {
  const { epochSeconds } = read(text, seconds)
  return `${iso(epochSeconds)}Z`
}

/** The time in UTC to the microsecond, as metav1.MicroTime writes it. */
export function canonicalMicroTime(text: string): string {
  const { epochSeconds, fraction } = read(text, micros)
  return `${iso(epochSeconds)}.${fraction}Z`
}

function iso(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 19)
}

/** The parts of a layout in order: how each is matched, and how Go names it. */
const parts: readonly [RegExp, string][] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d/, '05'],
]

function read(text: string, layout: string): { epochSeconds: number; fraction: string } {
  const fail = (problem: string) => new TimeSyntaxError(`parsing time ${JSON.stringify(text)}${problem}`)
  const values: string[] = []
  let rest = text
  const step = (pattern: RegExp, name: string) => {
    const match = pattern.exec(rest)?.[0]
    if (match === undefined) {
      throw fail(` as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(name)}`)
    }
    rest = rest.slice(match.length)
    return match
  }
  for (const [pattern, name] of parts) {
    values.push(step(pattern, name))
  }
  // Go takes a fraction after the seconds even when the layout has none.
  const fraction = layout === micros ? step(/^\.\d{6}/, '.000000') : (/^\.\d+/.exec(rest)?.[0] ?? '')
  if (layout !== micros) {
    rest = rest.slice(fraction.length)
  }
  const zone = step(/^(Z|[+-]\d\d:\d\d)/, 'Z07:00')
  if (rest !== '') {
    throw fail(`: extra text: ${JSON.stringify(rest)}`)
  }
  const [year, , month, , day, , hour, , minute, , second] = values.map(Number) as number[]
  const range = outOfRange({ year, month, day, hour, minute, second })
  if (range) {
    throw fail(`: ${range} out of range`)
  }
  const epoch = Date.parse(`${text.slice(0, 19)}Z`) / 1000
  return { epochSeconds: epoch - offsetSeconds(zone), fraction: fraction.slice(1) }
}

interface Clock {
  year: number | undefined
  month: number | undefined
  day: number | undefined
  hour: number | undefined
  minute: number | undefined
  second: number | undefined
}

function outOfRange({ year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 }: Clock): string | undefined {
  if (month < 1 || month > 12) {
    return 'month'
  }
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) {
    return 'day'
  }
  return hour > 23 ? 'hour' : minute > 59 ? 'minute' : second > 59 ? 'second' : undefined
}

function offsetSeconds(zone: string): number {
  if (zone === 'Z') {
    return 0
  }
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60)
}
