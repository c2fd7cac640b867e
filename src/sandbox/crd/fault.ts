/** Faults of fields in the words the API server has for them, and the paths they are found at. */
import { quote as goQuote } from '../kinds/go-value.ts'
import type { FieldFault } from '../status.ts'

export { goQuote }

/** The path of a field below `path`; the root is the empty string. */
export function child(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}

/** The path of a map's entry: `spec.map[key]`. */
export function entry(path: string, key: string | number): string {
  return `${path}[${key}]`
}

/** A float as Go's %v prints it: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export function goFloat(value: number): string {
  const magnitude = Math.abs(value)
  if (!Number.isFinite(value) || value === 0 || (magnitude >= 1e-4 && magnitude < 1e6)) return String(value)
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  return `${mantissa}e${power.slice(0, 1)}${power.slice(1).padStart(2, '0')}`
}

/** JSON as Go marshals it: keys sorted, the characters of HTML escaped. */
export function goJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined)
    fields.sort(([left], [right]) => (left < right ? -1 : 1))
    return `{${fields.map(([key, item]) => `${goJson(key)}:${goJson(item)}`).join(',')}}`
  }
  const text = JSON.stringify(value ?? null)
  return text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return goQuote(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : goFloat(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return goJson(value)
}

function field(path: string): string {
  return path || '<nil>'
}

export function invalidValue(path: string, value: unknown, detail: string): FieldFault {
  return { reason: 'FieldValueInvalid', field: field(path), message: `Invalid value: ${shown(value)}: ${detail}` }
}

/** An invalid value whose text is already what the server prints; an empty text leaves it out. */
export function invalidText(path: string, text: string, detail: string): FieldFault {
  const value = text ? `${text}: ` : ''
  return { reason: 'FieldValueInvalid', field: field(path), message: `Invalid value: ${value}${detail}` }
}

export function invalidType(path: string, value: unknown, detail: string): FieldFault {
  return { ...invalidValue(path, value, detail), reason: 'FieldValueTypeInvalid' }
}

export function required(path: string, detail = ''): FieldFault {
  return { reason: 'FieldValueRequired', field: field(path), message: withDetail('Required value', detail) }
}

export function forbidden(path: string, detail: string): FieldFault {
  return { reason: 'FieldValueForbidden', field: field(path), message: withDetail('Forbidden', detail) }
}

export function duplicate(path: string, value: unknown): FieldFault {
  return { reason: 'FieldValueDuplicate', field: field(path), message: `Duplicate value: ${shown(value)}` }
}

export function notSupported(path: string, value: unknown, supported: string[]): FieldFault {
  const list = supported.map(goQuote).join(', ')
  const message = `Unsupported value: ${shown(value)}: supported values: ${list}`
  return { reason: 'FieldValueNotSupported', field: field(path), message }
}

export function tooLong(path: string, most: number): FieldFault {
  const unit = most === 1 ? 'byte' : 'bytes'
  return {
    reason: 'FieldValueTooLong',
    field: field(path),
    message: `Too long: may not be more than ${most} ${unit}`,
  }
}

export function tooMany(path: string, count: number, most: number): FieldFault {
  const unit = most === 1 ? 'item' : 'items'
  const message = `Too many: ${count}: must have at most ${most} ${unit}`
  return { reason: 'FieldValueTooMany', field: field(path), message }
}

function withDetail(text: string, detail: string): string {
  return detail ? `${text}: ${detail}` : text
}
