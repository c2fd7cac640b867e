/** Time zones by name, from the tables that come with the runtime. */
import { type GoTime, utc, type Zone } from './go-time.ts'

const formats = new Map<string, Intl.DateTimeFormat | undefined>()
const mostZones = 500

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (formats.has(name)) return formats.get(name)
  let format: Intl.DateTimeFormat | undefined
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    format = undefined
  }
  if (formats.size < mostZones) formats.set(name, format)
  return format
}

/** The time in that zone. `Local` is UTC; undefined for a zone that is not known. */
export function inZone(time: GoTime, name: string): GoTime | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return time.in(utc)
  const zone = zoneAt(name, Number(time.seconds) * 1000)
  return zone && time.in(zone)
}

function zoneAt(name: string, milliseconds: number): Zone | undefined {
  const format = formatOf(name)
  if (!format) return undefined
  const text = part(format, milliseconds)
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d+):?(\d+)?:?(\d+)?/.exec(text) ?? []
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  const offsetSeconds = sign === '-' ? -total : total
  return { name: abbreviation(name, milliseconds), offsetSeconds }
}

/** `CET`, `EDT`; empty where only an offset is known. */
function abbreviation(name: string, milliseconds: number): string {
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA']) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' })
    const text = part(format, milliseconds)
    if (/^[A-Z]{3,5}$/.test(text)) return text
  }
  return ''
}

function part(format: Intl.DateTimeFormat, milliseconds: number): string {
  return format.formatToParts(milliseconds).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
