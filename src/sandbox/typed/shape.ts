/** Which shape a value has, and whether two values are equal. */
import type { Json, JsonObject } from '../object.ts'
import type { Type } from './type.ts'

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value of this type (and, of an unknown type, this value) is walked as a map or struct. */
export function isMapLike(type: Type, value: Json | undefined): boolean {
  return type.shape === 'struct' || type.shape === 'map' || (type.shape === 'any' && shapeOf(value) === 'map')
}

/** Null and absent count as maps: they take whatever form the other side has. */
export function shapeOf(value: Json | undefined): 'map' | 'list' | 'scalar' {
  if (value === null || value === undefined) {
    return 'map'
  }
  return Array.isArray(value) ? 'list' : typeof value === 'object' ? 'map' : 'scalar'
}

export function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined) {
    return true
  }
  if (Array.isArray(value)) {
    return value.length === 0
  }
  if (typeof value !== 'object') {
    return false
  }
  for (const key in value) {
    if (value[key] !== undefined) {
      return false
    }
  }
  return true
}

export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) {
    return true
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
  }
  if (isObject(a)) {
    return isObject(b) && equalObjects(a, b)
  }
  return typeof a === 'bigint' && typeof b === 'number'
    ? Number.isInteger(b) && a === BigInt(b)
    : typeof a === 'number' && typeof b === 'bigint' && Number.isInteger(a) && BigInt(a) === b
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  for (const key in a) {
    if (!equal(a[key], b[key])) {
      return false
    }
  }
  for (const key in b) {
    if (b[key] !== undefined && a[key] === undefined) {
      return false
    }
  }
  return true
}
