/** Numbers that may be given as a percentage: maxSurge, maxUnavailable, minAvailable. */
import type { FieldFault } from '../status.ts'
import { invalidValue, nonNegative } from './fault.ts'

const percentText =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"

/** A count of nothing below zero, or a percentage. */
export function countOrPercent(value: unknown, field: string): FieldFault[] {
  if (typeof value !== 'string') return nonNegative(field, value)
  return /^[0-9]+%$/.test(value) ? [] : [invalidValue(field, value, percentText)]
}

export function atMostAll(value: unknown, field: string): FieldFault[] {
  const percent = percentOf(value)
  return percent !== undefined && percent > 100 ? [invalidValue(field, value, 'must not be greater than 100%')] : []
}

export function percentOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^[0-9]+%$/.test(value) ? Number.parseInt(value, 10) : undefined
}

export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === 0 || percentOf(value) === 0
}
