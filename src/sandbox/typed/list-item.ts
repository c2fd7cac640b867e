/** What names an item of a list whose items merge: its keys, or in a set the item itself. */
import type { Json, JsonObject } from '../object.ts'
import { keyElement } from './field-set.ts'
import { goQuote } from './go-text.ts'
import { toJson } from './json.ts'
import type { Type } from './type.ts'

/** The path element of an item; throws an ItemError when the item has none. */
export function itemElement(list: Type, item: Json | undefined): string {
  return list.keys && list.keys.length > 0 ? keyedElement(list, list.keys, item) : valueElement(item)
}

export class ItemError extends Error {}

function keyedElement(list: Type, keys: readonly string[], item: Json | undefined): string {
  if (item === null || item === undefined) {
    throw new ItemError('associative list with keys may not have a null element')
  }
  if (typeof item !== 'object' || Array.isArray(item)) {
    throw new ItemError('associative list with keys may not have non-map elements')
  }
  if (keys.length === 1) {
    const name = keys[0] as string
    const value = keyValue(list, name, item)
    if (typeof value === 'string') {
      return `k:{"${name}":${JSON.stringify(value)}}`
    }
  }
  const present = keys.filter((name) => keyValue(list, name, item) !== undefined)
  if (present.length === 0) {
    const names = keys.map(goQuote).join(' ')
    const lack = "(and doesn't have default values for any key fields)"
    throw new ItemError(`associative list with keys has an element that omits all key fields [${names}] ${lack}`)
  }
  return keyElement(present, (name) => toJson(keyValue(list, name, item)))
}

function keyValue(list: Type, name: string, item: JsonObject): Json | undefined {
  const value = item[name]
  return value === undefined ? list.element?.fields?.get(name)?.default : value
}

function valueElement(item: Json | undefined): string {
  if (item === null || item === undefined) {
    throw new ItemError("associative list without keys has an element that's an explicit null")
  }
  if (Array.isArray(item)) {
    throw new ItemError('not supported: associative list with lists as elements')
  }
  if (typeof item === 'object') {
    throw new ItemError("associative list without keys has an element that's a map type")
  }
  return `v:${toJson(item)}`
}
