/** The set of fields that a value mentions: what an applier owns. */
import type { Json } from '../object.ts'
import { type FieldSet, leaf, withSelf } from './field-set.ts'
import { itemElement } from './list-item.ts'
import { isEmpty, isMapLike, isObject } from './shape.ts'
import { memberType, type Type } from './type.ts'

/** The fields of `value`, rooted at it; undefined when it mentions none. */
export function describe(value: Json | undefined, type: Type): FieldSet | undefined {
  if (isMapLike(type, value)) {
    return type.atomic ? leaf : describeMap(value, type)
  }
  if (type.shape === 'list' && !type.atomic) {
    return describeList(value, type)
  }
  return leaf
}

function describeMap(value: Json | undefined, type: Type): FieldSet | undefined {
  if (!isObject(value)) {
    return undefined
  }
  const set: Record<string, FieldSet> = {}
  let found = false
  for (const key in value) {
    const member = value[key]
    if (member === undefined) {
      continue
    }
    const declared = type.fields?.get(key)
    const memberOf = declared?.type ?? memberType(type, key)
    const below = memberOf && describe(member, memberOf)
    const owned = !declared || member === null || (isObject(member) && isEmpty(member)) ? withSelf(below) : below
    if (owned) {
      set[`f:${key}`] = owned
      found = true
    }
  }
  return found ? set : undefined
}

function describeList(value: Json | undefined, type: Type): FieldSet | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    return undefined
  }
  const set: Record<string, FieldSet> = {}
  const seen = new Set<string>()
  for (const item of value) {
    const element = itemElement(type, item)
    // Of items that share a key only the key is owned.
    set[element] = seen.has(element) ? leaf : withSelf(type.element && describe(item, type.element))
    seen.add(element)
  }
  return set
}
