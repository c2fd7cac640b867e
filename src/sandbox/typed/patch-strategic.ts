/** Strategic merge patch: maps merge, lists merge by the key their type names, directives steer both. */
import type { Json, JsonObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { goFormat } from './go-text.ts'
import { setMember } from './json-reader.ts'
import { isObject, shapeOf } from './shape.ts'
import { orderItems } from './strategic-order.ts'
import type { Field, Type } from './type.ts'

const directive = '$patch'
const retainKeys = '$retainKeys'
const deleteFromList = '$deleteFromPrimitiveList/'
const setElementOrder = '$setElementOrder/'

/** The patched copy of `target`. Throws a StatusError: 400 for a malformed directive, 500 where the real server fails. */
export function patchStrategic(target: JsonObject, patch: JsonObject, type: Type): JsonObject {
  return mergeMap(target, patch, type)
}

function failure(message: string): StatusError {
  return new StatusError({ message, code: 500 })
}

function malformed(what: string): StatusError {
  return new StatusError({ message: `invalid patch format of ${what}`, reason: 'BadRequest', code: 400 })
}

function noMergeKey(item: Json, key: string): StatusError {
  return failure(`map: ${goFormat(item)} does not contain declared merge key: ${key}`)
}

function mergeMap(original: JsonObject, patch: JsonObject, type: Type | undefined): JsonObject {
  if (patch[directive] !== undefined) {
    return wholeMap(patch[directive], patch)
  }
  const result = retain({ ...original }, patch)
  const handled = new Set([retainKeys])
  for (const key of Object.keys(patch)) {
    if (key.startsWith(setElementOrder)) {
      handled.add(key)
      const list = key.slice(setElementOrder.length)
      if (mergeOrdered(result, list, { patch, order: patch[key], field: type?.fields?.get(list) })) {
        handled.add(list)
      }
    }
  }
  for (const [key, value] of Object.entries(patch)) {
    if (!handled.has(key) && value !== undefined) {
      mergeMember(result, key, value, type)
    }
  }
  return result
}

function wholeMap(what: Json, patch: JsonObject): JsonObject {
  if (what === 'delete') {
    return {}
  }
  if (what === 'replace') {
    const { [directive]: _, ...rest } = patch
    return rest
  }
  throw failure(`unknown patch type: ${goFormat(what)} in map: ${goFormat(patch)}`)
}

function retain(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[retainKeys]
  if (keys === undefined) {
    return original
  }
  if (!Array.isArray(keys)) {
    throw malformed('retainKeys')
  }
  const retained = new Set(keys)
  for (const [key, value] of Object.entries(patch)) {
    const steering = key === retainKeys || key.startsWith(deleteFromList) || key.startsWith(setElementOrder)
    if (!steering && value !== null && !retained.has(key)) {
      throw malformed('retainKeys')
    }
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => retained.has(key)))
}

function mergeMember(result: JsonObject, patchKey: string, value: Json, type: Type | undefined): void {
  const deleting = patchKey.startsWith(deleteFromList)
  const key = deleting ? patchKey.slice(deleteFromList.length) : patchKey
  if (value === null) {
    delete result[key]
    return
  }
  const old = result[key]
  if (old === undefined || old === null || goKind(old) !== goKind(value)) {
    if (!deleting) {
      setNew(result, key, value)
    }
    return
  }
  const field = type?.fields?.get(key)
  if (isObject(old) && isObject(value)) {
    result[key] = field?.patch?.replace ? value : mergeMap(old, value, field?.type ?? type?.element)
  } else if (Array.isArray(old) && Array.isArray(value)) {
    result[key] = deleting || field?.patch?.merge ? mergeList(old, value, { field, deleting }) : value
  } else {
    setMember(result, key, value)
  }
}

/** Go compares the types of both sides; whole numbers and fractions differ there, which changes nothing here. */
function goKind(value: Json): string {
  return shapeOf(value) === 'scalar' ? typeof value : shapeOf(value)
}

function setNew(result: JsonObject, key: string, value: Json): void {
  const clean = withoutDirectives(value)
  if (clean === undefined) {
    delete result[key]
  } else {
    setMember(result, key, clean)
  }
}

/** What is new is taken without nulls and directives; undefined when it is itself a directive. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined)
  }
  if (!isObject(value)) {
    return value
  }
  if (value[directive] !== undefined) {
    return undefined
  }
  const result: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const clean = member === null || member === undefined ? undefined : withoutDirectives(member)
    if (clean !== undefined) {
      setMember(result, key, clean)
    }
  }
  return result
}

interface Ordered {
  patch: JsonObject
  order: Json | undefined
  field: Field | undefined
}

/** Merges a list whose order the patch gives; true when the list was in the patch and is thereby done. */
function mergeOrdered(result: JsonObject, list: string, { patch, order, field }: Ordered): boolean {
  const original = result[list]
  const changes = patch[list]
  const wrong = [order, original, changes].find(
    (value) => value !== undefined && value !== null && !Array.isArray(value),
  )
  if (!Array.isArray(order) || wrong !== undefined) {
    throw malformed('setElementOrder list')
  }
  const key = field?.patch?.key ?? ''
  const items = Array.isArray(changes) ? changes : []
  checkOrder(items, order, key)
  if (!Array.isArray(original) && !Array.isArray(changes)) {
    return false
  }
  const live = Array.isArray(original) ? original : []
  if (live.length + items.length === 0) {
    throw failure('no elements in any of the given slices')
  }
  const merged = mergedList(original, changes, field)
  result[list] = orderItems(merged, { order, live, key })
  return true
}

function mergedList(live: Json | undefined, changes: Json | undefined, field: Field | undefined): Json[] {
  if (!Array.isArray(changes)) {
    return Array.isArray(live) ? live : []
  }
  if (!Array.isArray(live)) {
    return withoutDirectives(changes) as Json[]
  }
  return field?.patch?.merge ? mergeList(live, changes, { field, deleting: false }) : changes
}

/** Changed items must come in the order that the patch gives. */
function checkOrder(items: Json[], order: Json[], key: string): void {
  const kept = items.filter((item) => key === '' || !isObject(item) || item[directive] !== 'delete')
  let at = 0
  for (const wanted of order) {
    while (isObject(kept[at]) && (kept[at] as JsonObject)[directive] !== undefined) {
      at++
    }
    if (at < kept.length && sameItem(kept[at] as Json, wanted, key)) {
      at++
    }
  }
  while (isObject(kept[at]) && (kept[at] as JsonObject)[directive] !== undefined) {
    at++
  }
  if (order.length > 0 && at < kept.length) {
    const lists = `${goFormat(items)}\n doesn't match $setElementOrder list:\n${goFormat(order)}\n`
    throw failure(`The order in patch list:\n${lists}`)
  }
}

function sameItem(a: Json, b: Json, key: string): boolean {
  if (key === '') {
    return a === b
  }
  return mergeKeyOf(a, key) === mergeKeyOf(b, key)
}

function mergeKeyOf(item: Json, key: string): Json {
  const value = isObject(item) ? item[key] : undefined
  if (value === undefined) {
    throw noMergeKey(item, key)
  }
  return value
}

interface ListMerge {
  field: Field | undefined
  deleting: boolean
}

function mergeList(original: Json[], patch: Json[], { field, deleting }: ListMerge): Json[] {
  const shapes = new Set([...original, ...patch].map((item) => goKind(item)))
  if (shapes.has('list')) {
    throw new StatusError({ message: 'lists of lists are not supported', reason: 'Invalid', code: 422 })
  }
  if (shapes.size > 1) {
    throw failure(`list element types are not identical: [${goFormat(original)} ${goFormat(patch)}]`)
  }
  if (!shapes.has('map')) {
    return deleting ? original.filter((item) => !patch.includes(item)) : mergeScalars(original, patch)
  }
  const key = field?.patch?.key ?? ''
  if (key === '') {
    throw failure(`cannot merge lists without merge key for ${field?.type.element?.name ?? ''}`)
  }
  return mergeItems(original as JsonObject[], patch as JsonObject[], { key, type: field?.type.element })
}

function mergeScalars(original: Json[], patch: Json[]): Json[] {
  return orderItems([...new Set([...original, ...patch])], { order: patch, live: original, key: '' })
}

interface ItemMerge {
  key: string
  type: Type | undefined
}

function mergeItems(original: JsonObject[], patch: JsonObject[], { key, type }: ItemMerge): Json[] {
  const changes = patch.filter((item) => item[directive] === undefined)
  let live = original
  let replace = false
  for (const item of patch) {
    switch (item[directive]) {
      case undefined:
        break
      case 'delete': {
        const gone = mergeKeyOf(item, key)
        live = live.filter((one) => one[key] !== gone)
        break
      }
      case 'replace':
        replace = true
        break
      case 'merge':
        throw failure('merging lists cannot yet be specified in the patch')
      default:
        throw failure(`unknown patch type: ${goFormat(item[directive])} in map: ${goFormat(item)}`)
    }
  }
  if (replace) {
    return changes
  }
  const merged: JsonObject[] = [...live]
  for (const change of changes) {
    const wanted = mergeKeyOf(change, key)
    const at = merged.findIndex((one) => one[key] === wanted)
    if (at >= 0) {
      merged[at] = mergeMap(merged[at] as JsonObject, change, type)
    } else {
      merged.push(change)
    }
  }
  return orderItems(merged, { order: changes, live, key })
}
