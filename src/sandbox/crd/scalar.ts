/** Validation of numbers and strings against a schema. */
import type { FieldFault } from '../status.ts'
import { goFloat, tooLong } from './fault.ts'
import { type Findings, merge, none, one } from './finding.ts'
import { formatCheck } from './format.ts'
import { goRegExp } from './go-regexp.ts'
import { fault, type Place, pathOf, typeFault, wholeFault } from './place.ts'
import type { JsonSchema } from './schema.ts'

export function stringFindings(schema: JsonSchema, value: string, place: Place): Findings {
  return merge(none(2), one(lengthFault(schema, value, place)), one(formatFault(schema, value, place)))
}

function lengthFault(schema: JsonSchema, value: string, place: Place): FieldFault | undefined {
  const length = [...value].length
  const { maxLength, minLength, pattern } = schema
  if (maxLength !== undefined && length > maxLength) return tooLong(pathOf(place), maxLength)
  if (minLength !== undefined && length < minLength) {
    return fault(place, value, `should be at least ${minLength} chars long`)
  }
  if (pattern && !goRegExp(pattern).test(value)) return fault(place, value, `should match '${pattern}'`)
  return undefined
}

function formatFault(schema: JsonSchema, value: string, place: Place): FieldFault | undefined {
  if (!schema.format || (schema.type !== undefined && schema.type !== 'string')) return undefined
  const check = formatCheck(schema.format)
  if (!check || check(value)) return undefined
  return typeFault(place, schema.format, value)
}

const ranges: Record<string, [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
}

const maxFloat = 3.4028234663852886e38

/** The words for a number that its type and format can't hold. */
function rangeText(schema: JsonSchema, value: number | bigint, what: string, place: Place): string | undefined {
  if (schema.type === 'number' && schema.format === 'float' && Math.abs(Number(value)) > maxFloat) {
    return `${what} value must be of type number with format float in ${place.name}`
  }
  if (schema.type !== 'integer') return undefined
  const format = schema.format === 'int32' || schema.format === 'int64' ? schema.format : undefined
  const [low, high] = ranges[format ?? 'int64'] ?? [0n, 0n]
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (whole && BigInt(value) >= low && BigInt(value) <= high) return undefined
  const suffix = format ? ` with format ${format}` : ' (default format)'
  return `${what} value must be of type integer${suffix} in ${place.name}`
}

function bound(limit: number, value: number | bigint): string {
  return typeof value === 'number' && !Number.isInteger(value) ? goFloat(limit) : String(Math.trunc(limit))
}

export function numberFindings(schema: JsonSchema, value: number | bigint, place: Place): Findings {
  const found = none(2)
  const range = rangeText(schema, value, 'Checked', place)
  if (range) found.faults.push(wholeFault(place, range))
  const faults = [multipleFault(schema, value, place), lowFault(schema, value, place), highFault(schema, value, place)]
  return merge(found, ...faults.map(one))
}

function multipleFault(schema: JsonSchema, value: number | bigint, place: Place): FieldFault | undefined {
  const factor = schema.multipleOf
  if (factor === undefined) return undefined
  if (factor <= 0) return wholeFault(place, `factor MultipleOf declared for ${place.name} must be positive: ${factor}`)
  const times = factor < 1 ? (1 / factor) * Number(value) : Number(value) / factor
  if (Number.isSafeInteger(Math.round(times)) && Math.abs(times - Math.round(times)) < 1e-9) return undefined
  return fault(place, value, `should be a multiple of ${bound(factor, value)}`)
}

function lowFault(schema: JsonSchema, value: number | bigint, place: Place): FieldFault | undefined {
  const { minimum, exclusiveMinimum } = schema
  if (minimum === undefined || (exclusiveMinimum ? value > minimum : value >= minimum)) return undefined
  const relation = exclusiveMinimum ? 'greater than' : 'greater than or equal to'
  return fault(place, value, `should be ${relation} ${bound(minimum, value)}`)
}

function highFault(schema: JsonSchema, value: number | bigint, place: Place): FieldFault | undefined {
  const { maximum, exclusiveMaximum } = schema
  if (maximum === undefined || (exclusiveMaximum ? value < maximum : value <= maximum)) return undefined
  const relation = exclusiveMaximum ? 'less than' : 'less than or equal to'
  return fault(place, value, `should be ${relation} ${bound(maximum, value)}`)
}
