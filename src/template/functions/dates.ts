/** sprig's functions for dates. Local time is UTC. */
import { formatDuration, parseDuration } from '../time/duration.ts'
import { GoDuration, GoTime, isTime, roundTo, zeroTime } from '../time/go-time.ts'
import { parseTime } from '../time/parse-time.ts'
import { inZone } from '../time/zone.ts'
import { type TemplateFunction, templateFunction, type Value } from '../value.ts'

type Now = () => GoTime

const second = 1_000_000_000n

/** A time, or seconds since 1970; anything else is now. */
function timeOf(value: Value, now: Now): GoTime {
  if (isTime(value)) return value
  return typeof value === 'bigint' ? new GoTime(value * second) : now()
}

function dateInZone(now: Now, layout: string, date: Value, zone: string): string {
  const time = timeOf(date, now)
  return (inZone(time, zone) ?? time).format(layout)
}

const units: [bigint, string][] = [
  [365n * 86_400n, 'y'],
  [30n * 86_400n, 'mo'],
  [86_400n, 'd'],
  [3600n, 'h'],
  [60n, 'm'],
  [1n, 's'],
]

function roundedDuration(now: Now, value: Value): string {
  let span = 0n
  if (typeof value === 'string') span = parseDuration(value) ?? 0n
  else if (typeof value === 'bigint') span = value
  else if (value instanceof GoDuration) span = value.nanoseconds
  else if (isTime(value)) span = now().nanoseconds - value.nanoseconds
  const size = span < 0n ? -span : span
  const unit = units.find(([seconds]) => size > seconds * second)
  return unit ? `${size / (unit[0] * second)}${unit[1]}` : '0s'
}

function secondsOf(value: Value): bigint {
  if (typeof value === 'bigint') return value
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? BigInt(value) : 0n
}

const modified = templateFunction(['string', 'time'], (change: string, date: GoTime) =>
  date.plus(parseDuration(change) ?? 0n),
)
const strictlyModified = templateFunction(['string', 'time'], (change: string, date: GoTime) => {
  const span = parseDuration(change)
  if (span === undefined) throw new Error(`time: invalid duration ${JSON.stringify(change)}`)
  return date.plus(span)
})
const zoned = templateFunction(['now', 'string', 'any', 'string'], dateInZone)

export const dateFunctions: Record<string, TemplateFunction> = {
  now: templateFunction(['now'], (now: Now) => now()),
  ago: templateFunction(['now', 'any'], (now: Now, date: Value) =>
    formatDuration(roundTo(now().nanoseconds - timeOf(date, now).nanoseconds, second)),
  ),
  date: templateFunction(['now', 'string', 'any'], (now: Now, layout: string, date: Value) =>
    dateInZone(now, layout, date, 'Local'),
  ),
  dateInZone: zoned,
  date_in_zone: zoned,
  htmlDate: templateFunction(['now', 'any'], (now: Now, date: Value) => dateInZone(now, '2006-01-02', date, 'Local')),
  htmlDateInZone: templateFunction(['now', 'any', 'string'], (now: Now, date: Value, zone: string) =>
    dateInZone(now, '2006-01-02', date, zone),
  ),
  dateModify: modified,
  date_modify: modified,
  mustDateModify: strictlyModified,
  must_date_modify: strictlyModified,
  duration: templateFunction(['any'], (value: Value) => formatDuration(secondsOf(value) * second)),
  durationRound: templateFunction(['now', 'any'], roundedDuration),
  toDate: templateFunction(['string', 'string'], (layout: string, text: string) => {
    try {
      return parseTime(layout, text)
    } catch {
      return zeroTime
    }
  }),
  mustToDate: templateFunction(['string', 'string'], parseTime),
  unixEpoch: templateFunction(['time'], (date: GoTime) => String(date.seconds)),
}
