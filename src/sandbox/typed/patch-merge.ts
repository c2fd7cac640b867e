/** JSON merge patch (RFC 7386). */
import type { Json, JsonObject } from '../object.ts'
import { sortedKeys } from './json.ts'
import { setMember } from './json-reader.ts'
import { isObject } from './shape.ts'

/** The patched copy of `target`; parts that the patch does not touch are shared. */
export function patchMerge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) {
    return patch
  }
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key]
    } else if (value !== undefined) {
      setMember(result, key, patchMerge(Object.hasOwn(result, key) ? result[key] : undefined, value))
    }
  }
  return sortedKeys(result)
}
