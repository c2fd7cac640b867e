/** What Go writes of what is empty: which members are always there, which are left out. */
import type { Json, JsonObject } from '../object.ts'
import { isEmpty, isObject } from './shape.ts'
import type { Field, GoField, Type } from './type.ts'

const zeros = new WeakMap<Type, readonly [string, Json][]>()

/** The members that Go writes even when nobody set them, with their values. */
function alwaysWritten(type: Type): readonly [string, Json][] {
  let members = zeros.get(type)
  if (!members) {
    members = [...(type.fields?.values() ?? [])].flatMap((field) => {
      const value = zeroOf(field)
      return value === undefined ? [] : [[field.name, value] as [string, Json]]
    })
    zeros.set(type, members)
  }
  return members
}

/** An empty struct as Go writes it. */
export function zeroValue(type: Type): JsonObject {
  return Object.fromEntries(alwaysWritten(type).map(([name, value]) => [name, structuredClone(value)]))
}

function zeroOf({ go, type }: Field): Json | undefined {
  if (!go || go.omitZero) {
    return undefined
  }
  switch (go.holds) {
    case 'struct':
      return zeroValue(type)
    case 'time':
      return null
    case 'raw':
      return go.omitEmpty ? undefined : null
    case 'scalar':
      return zeroScalar(type, go.omitEmpty)
    default:
      return go.omitEmpty ? undefined : null
  }
}

function zeroScalar(type: Type, omitEmpty: boolean): Json | undefined {
  switch (type.format) {
    case 'quantity':
      return '0'
    case 'int-or-string':
      return 0
    default:
      if (omitEmpty) {
        return undefined
      }
      return type.scalar === 'boolean' ? false : type.scalar === 'string' ? '' : 0
  }
}

/** The members that Go writes in any case. */
export function complete(result: JsonObject, type: Type): JsonObject {
  for (const [name, zero] of alwaysWritten(type)) {
    if (result[name] === undefined) {
      result[name] = isObject(zero) ? structuredClone(zero) : zero
    }
  }
  return result
}

/** Whether Go writes a field that holds this. */
export function isWritten(go: GoField, value: Json): boolean {
  if (go.omitZero && isEmpty(value)) {
    return false
  }
  if (!go.omitEmpty) {
    return true
  }
  switch (go.holds) {
    case 'slice':
    case 'map':
      return !isEmpty(value) && value !== ''
    case 'scalar':
      return value !== '' && value !== 0 && value !== false
    default:
      return true
  }
}

/** Null in a map or list is the zero value of what it holds. */
export function nullElement(element: Type): Json {
  if (element.custom) {
    return null
  }
  switch (element.shape) {
    case 'struct':
      return complete({}, element)
    case 'scalar':
      return zeroElement(element)
    default:
      return null
  }
}

function zeroElement({ scalar, format }: Type): Json {
  if (format === 'quantity') {
    return '0'
  }
  if (format === 'date-time' || format === 'micro-time' || format === 'byte') {
    return null
  }
  return scalar === 'boolean' ? false : scalar === 'string' ? '' : 0
}
