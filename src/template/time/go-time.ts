/** A moment with its zone, and a span of time, with the methods that Go gives them. */
import { Native, templateFunction, type Value } from '../value.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { dayNames, formatTime, monthNames } from './format-time.ts'

export interface Zone {
  /** As Go prints it: `UTC`, `CET`, or empty for an offset without a name. */
  name: string
  offsetSeconds: number
}

export const utc: Zone = { name: 'UTC', offsetSeconds: 0 }

export class GoTime extends Native {
  readonly typeName = 'time.Time'
  /** Since 1970. */
  readonly nanoseconds: bigint
  readonly zone: Zone

  constructor(nanoseconds: bigint, zone: Zone = utc) {
    super()
    this.nanoseconds = nanoseconds
    this.zone = zone
  }

  static at(milliseconds: number): GoTime {
    return new GoTime(BigInt(Math.trunc(milliseconds)) * 1_000_000n)
  }

  get seconds(): bigint {
    return floorDivide(this.nanoseconds, 1_000_000_000n)
  }

  /** The clock on the wall of its zone. */
  get wall(): Date {
    return new Date(Number(this.seconds + BigInt(this.zone.offsetSeconds)) * 1000)
  }

  equals(other: GoTime): boolean {
    return this.nanoseconds === other.nanoseconds
  }

  plus(nanoseconds: bigint): GoTime {
    return new GoTime(this.nanoseconds + nanoseconds, this.zone)
  }

  in(zone: Zone): GoTime {
    return new GoTime(this.nanoseconds, zone)
  }

  format(layout: string): string {
    return formatTime(this, layout)
  }

  override toString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST')
  }

  toJSON(): string {
    return this.format('2006-01-02T15:04:05.999999999Z07:00')
  }

  override member(name: string): Value {
    return Object.hasOwn(timeMethods, name) ? timeMethods[name]?.(this) : undefined
  }
}

export function isTime(value: Value): value is GoTime {
  return value instanceof GoTime
}

export class GoDuration extends Native {
  readonly typeName = 'time.Duration'
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    super()
    this.nanoseconds = nanoseconds
  }

  override toString(): string {
    return formatDuration(this.nanoseconds)
  }

  override member(name: string): Value {
    return Object.hasOwn(durationMethods, name) ? durationMethods[name]?.(this) : undefined
  }
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

function method(value: () => Value): Value {
  return templateFunction([], value)
}

const timeMethods: Record<string, (time: GoTime) => Value> = {
  Format: (time) => templateFunction(['string'], (layout: string) => time.format(layout)),
  String: (time) => method(() => time.toString()),
  Local: (time) => method(() => time.in(utc)),
  UTC: (time) => method(() => time.in(utc)),
  Unix: (time) => method(() => time.seconds),
  UnixMilli: (time) => method(() => floorDivide(time.nanoseconds, 1_000_000n)),
  UnixNano: (time) => method(() => time.nanoseconds),
  Year: (time) => method(() => BigInt(time.wall.getUTCFullYear())),
  Month: (time) => method(() => monthNames[time.wall.getUTCMonth()]),
  Weekday: (time) => method(() => dayNames[time.wall.getUTCDay()]),
  Day: (time) => method(() => BigInt(time.wall.getUTCDate())),
  Hour: (time) => method(() => BigInt(time.wall.getUTCHours())),
  Minute: (time) => method(() => BigInt(time.wall.getUTCMinutes())),
  Second: (time) => method(() => BigInt(time.wall.getUTCSeconds())),
  IsZero: (time) => method(() => time.nanoseconds === zeroTime.nanoseconds),
  Add: (time) => templateFunction(['any'], (span: Value) => time.plus(spanOf(span))),
  AddDate: (time) =>
    templateFunction(['int', 'int', 'int'], (years: bigint, months: bigint, days: bigint) => {
      const moved = time.wall
      moved.setUTCFullYear(
        moved.getUTCFullYear() + Number(years),
        moved.getUTCMonth() + Number(months),
        moved.getUTCDate() + Number(days),
      )
      return time.plus(BigInt(moved.getTime() - time.wall.getTime()) * 1_000_000n)
    }),
  Sub: (time) => templateFunction(['time'], (other: GoTime) => new GoDuration(time.nanoseconds - other.nanoseconds)),
  Before: (time) => templateFunction(['time'], (other: GoTime) => time.nanoseconds < other.nanoseconds),
  After: (time) => templateFunction(['time'], (other: GoTime) => time.nanoseconds > other.nanoseconds),
  Equal: (time) => templateFunction(['time'], (other: GoTime) => time.equals(other)),
  Compare: (time) =>
    templateFunction(['time'], (other: GoTime) => {
      if (time.equals(other)) return 0n
      return time.nanoseconds < other.nanoseconds ? -1n : 1n
    }),
  Truncate: (time) =>
    templateFunction(['any'], (span: Value) => time.plus(-(sinceZero(time) % positive(spanOf(span))))),
  Round: (time) =>
    templateFunction(['any'], (span: Value) => {
      const unit = positive(spanOf(span))
      const rest = sinceZero(time) % unit
      return time.plus(2n * rest < unit ? -rest : unit - rest)
    }),
}

/** The moment that a Go program starts from: January 1st of the year 1. */
export const zeroTime = new GoTime(-62_135_596_800n * 1_000_000_000n)

function sinceZero(time: GoTime): bigint {
  return time.nanoseconds - zeroTime.nanoseconds
}

function positive(nanoseconds: bigint): bigint {
  return nanoseconds > 0n ? nanoseconds : 1n
}

/** A duration, nanoseconds, or a text such as `1h`. */
export function spanOf(value: Value): bigint {
  if (value instanceof GoDuration) return value.nanoseconds
  if (typeof value === 'bigint') return value
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined
  if (parsed === undefined) throw new Error(`a duration was expected, such as 1h30m: ${JSON.stringify(String(value))}`)
  return parsed
}

const durationMethods: Record<string, (duration: GoDuration) => Value> = {
  String: (duration) => method(() => duration.toString()),
  Hours: (duration) => method(() => Number(duration.nanoseconds) / 3.6e12),
  Minutes: (duration) => method(() => Number(duration.nanoseconds) / 6e10),
  Seconds: (duration) => method(() => Number(duration.nanoseconds) / 1e9),
  Milliseconds: (duration) => method(() => duration.nanoseconds / 1_000_000n),
  Microseconds: (duration) => method(() => duration.nanoseconds / 1000n),
  Nanoseconds: (duration) => method(() => duration.nanoseconds),
  Abs: (duration) =>
    method(() => new GoDuration(duration.nanoseconds < 0n ? -duration.nanoseconds : duration.nanoseconds)),
  Truncate: (duration) =>
    templateFunction(['any'], (span: Value) => {
      return new GoDuration(duration.nanoseconds - (duration.nanoseconds % positive(spanOf(span))))
    }),
  Round: (duration) =>
    templateFunction(['any'], (span: Value) => new GoDuration(roundTo(duration.nanoseconds, positive(spanOf(span))))),
}

/** Halves go away from zero. */
export function roundTo(nanoseconds: bigint, unit: bigint): bigint {
  const rest = nanoseconds % unit
  if (rest < 0n) return 2n * -rest < unit ? nanoseconds - rest : nanoseconds - rest - unit
  return 2n * rest < unit ? nanoseconds - rest : nanoseconds - rest + unit
}
