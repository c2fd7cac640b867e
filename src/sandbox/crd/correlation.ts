/** Which old value a new one is compared with: an unchanged part may stay invalid when an object is updated. */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../object.ts'
import { fieldSchema, isMap, type JsonSchema } from './schema.ts'

/** An old value that was found for a new one; absent (undefined) where there is none to compare with. */
export interface Counterpart {
  old: Json
}

export function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  return isDeepStrictEqual(left, right)
}

export function counterpartOfField(was: Counterpart | undefined, field: string): Counterpart | undefined {
  if (!was || !isMap(was.old) || !Object.hasOwn(was.old, field)) return undefined
  return { old: was.old[field] ?? null }
}

/** Items correspond by their keys in a list of type map; in other lists there is no telling which is which. */
export function counterpartOfItem(
  was: Counterpart | undefined,
  schema: JsonSchema,
  item: Json,
): Counterpart | undefined {
  if (!was || !Array.isArray(was.old) || schema['x-kubernetes-list-type'] !== 'map' || !isMap(item)) return undefined
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const old = was.old.find(
    (candidate) => isMap(candidate) && keys.every((key) => equalKey(candidate, item, key, schema)),
  )
  return old === undefined ? undefined : { old }
}

function equalKey(left: Record<string, Json>, right: Record<string, Json>, key: string, schema: JsonSchema): boolean {
  const preset = fieldSchema(schema.items, key)?.default
  return sameValue(left[key] ?? preset, right[key] ?? preset)
}
