/** Faults of fields, worded as the API server words them. */
import type { FieldFault } from '../status.ts'
import { printValue, quote } from './go-value.ts'

function fault(reason: FieldFault['reason'], field: string, head: string, detail = ''): FieldFault {
  return { reason, field, message: detail === '' ? head : `${head}: ${detail}` }
}

export function invalidValue(field: string, value: unknown, detail: string): FieldFault {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${printValue(value)}: ${detail}` }
}

export function required(field: string, detail = ''): FieldFault {
  return fault('FieldValueRequired', field, 'Required value', detail)
}

export function forbidden(field: string, detail: string): FieldFault {
  return fault('FieldValueForbidden', field, 'Forbidden', detail)
}

export function duplicate(field: string, value: unknown): FieldFault {
  return fault('FieldValueDuplicate', field, `Duplicate value: ${printValue(value)}`)
}

export function notFound(field: string, value: unknown): FieldFault {
  return fault('FieldValueNotFound', field, `Not found: ${printValue(value)}`)
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldFault {
  const options = supported.map(quote).join(', ')
  return fault(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${printValue(value)}`,
    `supported values: ${options}`,
  )
}

export function tooLong(field: string, bytes: number): FieldFault {
  return fault('FieldValueTooLong', field, 'Too long', `may not be more than ${bytes} bytes`)
}

export function tooMany(field: string, actual: number, most: number): FieldFault {
  return fault('FieldValueTooMany', field, `Too many: ${actual}`, `must have at most ${most} items`)
}

/** One fault a sentence. */
export function invalidFor(field: string, value: unknown, details: string[]): FieldFault[] {
  return details.map((detail) => invalidValue(field, value, detail))
}

export function immutable(field: string, value: unknown): FieldFault {
  return invalidValue(field, value, 'field is immutable')
}

/** An absent number is fine. */
export function nonNegative(field: string, value: unknown): FieldFault[] {
  return typeof value === 'number' && value < 0
    ? [invalidValue(field, value, 'must be greater than or equal to 0')]
    : []
}

export function positive(field: string, value: unknown): FieldFault[] {
  return typeof value === 'number' && value <= 0 ? [invalidValue(field, value, 'must be greater than 0')] : []
}
