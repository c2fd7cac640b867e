/** Field by field, where two states of one object differ. Lists are paired as managedFields say they are merged. */

import { stringifyJson } from '../model/index.ts'
import { type FieldPath, type FieldsV1, hasKey, isMap, ownedField, ownedItems, ownedMembers } from './field-path.ts'
import { sameJson } from './same-json.ts'

export interface Difference {
  path: FieldPath
  from: unknown
  to: unknown
}

/** `fieldSets`: of every manager of both states; they tell the keys of lists. */
export function compare(from: unknown, to: unknown, fieldSets: FieldsV1[]): Difference[] {
  return differences({ path: [], from, to }, fieldSets)
}

function differences(at: Difference, sets: FieldsV1[]): Difference[] {
  const { from, to } = at
  if (sameJson(from, to)) return []
  if (isMap(from) && isMap(to)) return inMaps(at.path, { from, to, sets })
  if (Array.isArray(from) && Array.isArray(to)) return inLists(at, { from, to, sets })
  return [at]
}

interface Pair<Value> {
  from: Value
  to: Value
  sets: FieldsV1[]
}

function inMaps(path: FieldPath, { from, to, sets }: Pair<Record<string, unknown>>): Difference[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  return names.flatMap((name) =>
    differences(
      { path: [...path, name], from: from[name], to: to[name] },
      below(sets, (set) => ownedField(set, name)),
    ),
  )
}

function below(sets: FieldsV1[], step: (set: FieldsV1) => FieldsV1 | undefined): FieldsV1[] {
  return sets.map(step).filter((set) => set !== undefined)
}

function inLists(at: Difference, pair: Pair<unknown[]>): Difference[] {
  const keyNames = keyNamesOf(pair.sets)
  if (keyNames) return inKeyedLists(at, pair, keyNames)
  if (pair.sets.some((set) => ownedMembers(set))) return inSets(at, pair)
  const { from, to } = pair
  if (from.length !== to.length || !from.some(isMap)) return [at]
  return from.flatMap((value, index) => differences({ path: [...at.path, index], from: value, to: to[index] }, []))
}

function keyNamesOf(sets: FieldsV1[]): string[] | undefined {
  const items = sets.flatMap((set) => ownedItems(set) ?? [])
  return items[0] && Object.keys(items[0].key)
}

function inKeyedLists(at: Difference, { from, to, sets }: Pair<unknown[]>, keyNames: string[]): Difference[] {
  const keyOfItem = (item: unknown) =>
    Object.fromEntries(keyNames.flatMap((name) => (isMap(item) && name in item ? [[name, item[name]]] : [])))
  const keys = [...from, ...to].map(keyOfItem)
  const distinct = new Map(keys.map((key) => [stringifyJson(key), key]))
  const isUnique = (list: unknown[]) => new Set(list.map((item) => stringifyJson(keyOfItem(item)))).size === list.length
  if (!isUnique(from) || !isUnique(to)) return [at]
  const found = [...distinct.values()].flatMap((key) => {
    const itemOf = (list: unknown[]) => list.find((item) => hasKey(item, key))
    const inside = below(sets, (set) => ownedItems(set)?.find((item) => hasKey(item.key, key))?.owned)
    return differences({ path: [...at.path, { key }], from: itemOf(from), to: itemOf(to) }, inside)
  })
  // The same items in another order.
  return found.length > 0 ? found : [at]
}

function inSets(at: Difference, { from, to }: Pair<unknown[]>): Difference[] {
  const gone = from.filter((value) => !to.includes(value))
  const come = to.filter((value) => !from.includes(value))
  const found = [
    ...gone.map((value) => ({ path: [...at.path, { value }], from: value, to: undefined })),
    ...come.map((value) => ({ path: [...at.path, { value }], from: undefined, to: value })),
  ]
  return found.length > 0 ? found : [at]
}
