/** The functions of expressions for times and spans of time. */
import { GoDuration, type GoTime, inZone, parseDuration, parseTime } from '../../template/index.ts'
import { type Builtin, text } from './arguments.ts'
import { ExpressionError } from './tokens.ts'

const layouts = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
]

function guessed(date: string): GoTime {
  for (const layout of layouts) {
    try {
      return parseTime(layout, date)
    } catch {
      // The next one may fit.
    }
  }
  throw new ExpressionError(`${JSON.stringify(date)} is no date: give its layout as well`)
}

/** What a clock on the wall of that zone has shown. */
function onTheWall(shown: GoTime, zone: string): GoTime {
  let time: GoTime | undefined = shown
  // The offset is that of the moment, which is only known once the offset is.
  for (let pass = 0; pass < 2 && time; pass++) {
    const there = inZone(time, zone)
    time = there && shown.plus(BigInt(there.zone.offsetSeconds) * -1_000_000_000n).in(there.zone)
  }
  if (!time) throw new ExpressionError(`the time zone ${JSON.stringify(zone)} is not known`)
  return time
}

export const timeFunctions: Record<string, Builtin> = {
  now: (_args, given) => given.now(),
  duration: ([value]) => {
    const nanoseconds = parseDuration(text(value))
    if (nanoseconds === undefined) throw new ExpressionError(`${JSON.stringify(value)} is no duration such as 1h30m`)
    return new GoDuration(nanoseconds)
  },
  date: ([date, layout, zone]) => {
    if (layout === undefined) return guessed(text(date))
    const time = parseTime(text(layout), text(date))
    return zone === undefined ? time : onTheWall(time, text(zone))
  },
}
