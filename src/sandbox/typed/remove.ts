/** Removes owned fields from a value. */
import type { Json, JsonObject } from '../object.ts'
import { type FieldSet, isMember } from './field-set.ts'
import { itemElement } from './list-item.ts'
import { isObject, shapeOf } from './shape.ts'
import { anyType, memberType, type Type } from './type.ts'

/** `value` without the fields of `set`; a map or list that loses all it had becomes null. */
export function removeFields(value: Json, set: FieldSet, type: Type): Json {
  const shape = type.shape === 'any' ? shapeOf(value) : type.shape
  if (type.atomic || value === null || shape === 'scalar') {
    return shape === 'scalar' ? value : null
  }
  if (Array.isArray(value)) {
    return type.keys ? removeItems(value, set, type) : null
  }
  return isObject(value) ? removeMembers(value, set, type) : value
}

function removeMembers(value: JsonObject, set: FieldSet, type: Type): Json {
  const result: JsonObject = {}
  let left = false
  for (const key in value) {
    const member = value[key]
    const below = set[`f:${key}`]
    if (member === undefined || (below && isMember(below))) {
      continue
    }
    result[key] = below ? removeFields(member, below, memberType(type, key) ?? anyType) : member
    left = true
  }
  return left ? result : null
}

function removeItems(list: Json[], set: FieldSet, type: Type): Json {
  const result: Json[] = []
  for (const item of list) {
    const below = set[itemElement(type, item)]
    if (below && isMember(below)) {
      continue
    }
    result.push(below ? removeFields(item, below, type.element ?? anyType) : item)
  }
  return result.length > 0 ? result : null
}
