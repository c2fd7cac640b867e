/** Reads a time by a layout of Go. */

import { dayNames, layoutParts, monthNames } from './format-time.ts'
import { GoTime, utc, type Zone } from './go-time.ts'

interface Fields {
  year: number
  month: number
  day: number
  dayOfYear: number | undefined
  hour: number
  minute: number
  second: number
  nanoseconds: bigint
  afternoon: boolean | undefined
  zone: Zone
}

const short = (names: string[]): string[] => names.map((name) => name.slice(0, 3))
const anyOf = (names: string[]): string => `(${names.join('|')})`

type Reader = { pattern: string; read(fields: Fields, text: string): void }

const indexIn = (names: string[], text: string): number =>
  names.findIndex((name) => name.toLowerCase() === text.toLowerCase())

function number(pattern: string, field: 'year' | 'month' | 'day' | 'dayOfYear' | 'hour' | 'minute'): Reader {
  return {
    pattern: `(${pattern})`,
    read: (fields, text) => {
      fields[field] = Number(text)
    },
  }
}

const readers: Record<string, Reader> = {
  January: {
    pattern: anyOf(monthNames),
    read: (fields, text) => {
      fields.month = indexIn(monthNames, text) + 1
    },
  },
  Jan: {
    pattern: anyOf(short(monthNames)),
    read: (fields, text) => {
      fields.month = indexIn(short(monthNames), text) + 1
    },
  },
  '1': number('\\d{1,2}', 'month'),
  '01': number('\\d{2}', 'month'),
  Monday: { pattern: anyOf(dayNames), read: () => {} },
  Mon: { pattern: anyOf(short(dayNames)), read: () => {} },
  '2': number('\\d{1,2}', 'day'),
  _2: number(' ?\\d{1,2}', 'day'),
  '02': number('\\d{2}', 'day'),
  __2: number('[ \\d]{2}\\d', 'dayOfYear'),
  '002': number('\\d{3}', 'dayOfYear'),
  '15': number('\\d{1,2}', 'hour'),
  '3': number('\\d{1,2}', 'hour'),
  '03': number('\\d{2}', 'hour'),
  '4': number('\\d{1,2}', 'minute'),
  '04': number('\\d{2}', 'minute'),
  // Behind seconds a fraction may stand that the layout does not show.
  '5': { pattern: '(\\d{1,2}(?:[.,]\\d+)?)', read: readSeconds },
  '05': { pattern: '(\\d{2}(?:[.,]\\d+)?)', read: readSeconds },
  '2006': number('\\d{4}', 'year'),
  '06': {
    pattern: '(\\d{2})',
    read: (fields, text) => {
      fields.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000)
    },
  },
  PM: {
    pattern: '(AM|PM)',
    read: (fields, text) => {
      fields.afternoon = text === 'PM'
    },
  },
  pm: {
    pattern: '(am|pm)',
    read: (fields, text) => {
      fields.afternoon = text === 'pm'
    },
  },
  MST: {
    pattern: '([A-Z]{3,5}|[+-]\\d{2,4})',
    read: (fields, text) => {
      fields.zone = { name: text, offsetSeconds: 0 }
    },
  },
}

function readSeconds(fields: Fields, text: string): void {
  const [whole = '', fraction = ''] = text.split(/[.,]/)
  fields.second = Number(whole)
  if (fraction !== '') readFraction(fields, fraction)
}

function readFraction(fields: Fields, digits: string): void {
  fields.nanoseconds = BigInt(digits.slice(0, 9).padEnd(9, '0'))
}

function readerOf(element: string): Reader {
  const reader = readers[element]
  if (reader) return reader
  if (/^[.,]/.test(element)) {
    // The seconds have read it, if it is there.
    return {
      pattern: '((?:[.,]\\d+)?)',
      read: (fields, text) => {
        if (text !== '') readFraction(fields, text.slice(1))
      },
    }
  }
  const digits = element.replace(/[^\d]/g, '').length / 2
  const separator = element.includes(':') ? ':' : ''
  const offset = `[+-]\\d{2}${`${separator}\\d{2}`.repeat(digits - 1)}`
  return {
    pattern: element.startsWith('Z') ? `(Z|${offset})` : `(${offset})`,
    read: (fields, text) => {
      if (text === 'Z') {
        fields.zone = utc
        return
      }
      const [hours = 0, minutes = 0, seconds = 0] = (text.match(/\d{2}/g) ?? []).map(Number)
      const total = hours * 3600 + minutes * 60 + seconds
      fields.zone = total === 0 ? utc : { name: '', offsetSeconds: text.startsWith('-') ? -total : total }
    },
  }
}

const longestLayout = 200

/** Throws when the text does not follow the layout. */
export function parseTime(layout: string, text: string): GoTime {
  if (layout.length > longestLayout) throw new Error(`a layout has at most ${longestLayout} characters`)
  const parts = layoutParts(layout).map(({ literal, element }) => ({
    literal,
    reader: element === '' ? undefined : readerOf(element),
  }))
  const pattern = parts.map(({ literal, reader }) => escapeLiteral(literal) + (reader?.pattern ?? '')).join('')
  const match = text.length > 2 * longestLayout ? null : new RegExp(`^${pattern}$`, 'i').exec(text)
  const refused = new Error(
    `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: it does not follow the layout`,
  )
  if (!match) throw refused
  const fields: Fields = {
    year: 0,
    month: 1,
    day: 1,
    dayOfYear: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0n,
    afternoon: undefined,
    zone: utc,
  }
  for (const [index, { reader }] of parts.entries()) reader?.read(fields, match[index + 1] ?? '')
  return moment(fields) ?? fail(refused)
}

function fail(error: Error): never {
  throw error
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Undefined when there is no such day or time of day. */
function moment(fields: Fields): GoTime | undefined {
  const { afternoon, dayOfYear, year, minute, second } = fields
  const hour = afternoon === undefined ? fields.hour : (fields.hour % 12) + (afternoon ? 12 : 0)
  const month = dayOfYear === undefined ? fields.month : 1
  const day = dayOfYear ?? fields.day
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const isDay = dayOfYear === undefined ? date.getUTCMonth() === month - 1 && date.getUTCDate() === day : dayOfYear > 0
  if (!isDay || month < 1 || hour > 23 || minute > 59 || second > 59) return undefined
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second - fields.zone.offsetSeconds)
  return new GoTime(seconds * 1_000_000_000n + fields.nanoseconds, fields.zone)
}
