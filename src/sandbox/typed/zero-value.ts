/** What Go writes of an empty struct: the members that are always there. */
import type { Json, JsonObject } from '../object.ts'
import type { Field, Type } from './type.ts'

const zeros = new WeakMap<Type, readonly [string, Json][]>()

/** The members that Go writes even when nobody set them, with their values. */
export function alwaysWritten(type: Type): readonly [string, Json][] {
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
