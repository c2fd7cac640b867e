/** Writes a time by a layout of Go, in which the reference time `Mon Jan 2 15:04:05 MST 2006` shows how. */
import type { GoTime } from './go-time.ts'

export const monthNames = [
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
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The elements of a layout, the longer before those they begin with. */
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|01|02|03|04|05|06|002|15|PM|pm|__2|_2(?!006)|_(?=2006)|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g

export interface LayoutPart {
  literal: string
  /** Empty at the end. */
  element: string
}

export function layoutParts(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = []
  let end = 0
  for (const match of layout.matchAll(elements)) {
    if (match[0] === '_') continue
    parts.push({ literal: layout.slice(end, match.index), element: match[0] })
    end = match.index + match[0].length
  }
  parts.push({ literal: layout.slice(end), element: '' })
  return parts
}

export function formatTime(time: GoTime, layout: string): string {
  return layoutParts(layout)
    .map(({ literal, element }) => literal + (element === '' ? '' : written(time, element)))
    .join('')
}

const twelve = (hour: number): number => hour % 12 || 12
const two = (number: number): string => String(number).padStart(2, '0')

const writers: Record<string, (wall: Date, time: GoTime) => string> = {
  January: (wall) => monthNames[wall.getUTCMonth()] ?? '',
  Jan: (wall) => (monthNames[wall.getUTCMonth()] ?? '').slice(0, 3),
  '1': (wall) => String(wall.getUTCMonth() + 1),
  '01': (wall) => two(wall.getUTCMonth() + 1),
  Monday: (wall) => dayNames[wall.getUTCDay()] ?? '',
  Mon: (wall) => (dayNames[wall.getUTCDay()] ?? '').slice(0, 3),
  '2': (wall) => String(wall.getUTCDate()),
  _2: (wall) => String(wall.getUTCDate()).padStart(2, ' '),
  '02': (wall) => two(wall.getUTCDate()),
  __2: (wall) => String(dayOfYear(wall)).padStart(3, ' '),
  '002': (wall) => String(dayOfYear(wall)).padStart(3, '0'),
  '15': (wall) => two(wall.getUTCHours()),
  '3': (wall) => String(twelve(wall.getUTCHours())),
  '03': (wall) => two(twelve(wall.getUTCHours())),
  '4': (wall) => String(wall.getUTCMinutes()),
  '04': (wall) => two(wall.getUTCMinutes()),
  '5': (wall) => String(wall.getUTCSeconds()),
  '05': (wall) => two(wall.getUTCSeconds()),
  '2006': (wall) => String(wall.getUTCFullYear()).padStart(4, '0'),
  '06': (wall) => two(wall.getUTCFullYear() % 100),
  PM: (wall) => (wall.getUTCHours() >= 12 ? 'PM' : 'AM'),
  pm: (wall) => (wall.getUTCHours() >= 12 ? 'pm' : 'am'),
  MST: (_, { zone }) => zone.name || offsetText(zone.offsetSeconds, zone.offsetSeconds % 3600 === 0 ? '-07' : '-0700'),
}

function written(time: GoTime, element: string): string {
  const write = writers[element]
  if (write) return write(time.wall, time)
  if (element.startsWith('.') || element.startsWith(',')) return fraction(time, element)
  if (element.startsWith('Z') && time.zone.offsetSeconds === 0) return 'Z'
  return offsetText(time.zone.offsetSeconds, element)
}

function dayOfYear(wall: Date): number {
  return Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}

function offsetText(offsetSeconds: number, element: string): string {
  const total = Math.abs(offsetSeconds)
  const parts = [two(Math.floor(total / 3600)), two(Math.floor(total / 60) % 60), two(total % 60)]
  const digits = element.replace(/[^\d]/g, '').length / 2
  return (offsetSeconds < 0 ? '-' : '+') + parts.slice(0, digits).join(element.includes(':') ? ':' : '')
}

function fraction(time: GoTime, element: string): string {
  const nanoseconds = ((time.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const digits = nanoseconds
    .toString()
    .padStart(9, '0')
    .slice(0, element.length - 1)
    .padEnd(element.length - 1, '0')
  if (element[1] === '0') return element[0] + digits
  const short = digits.replace(/0+$/, '')
  return short === '' ? '' : element[0] + short
}
