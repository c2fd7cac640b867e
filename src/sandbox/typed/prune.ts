/** Removes from a merged object what its applier owned before and nobody owns now. */
import type { Json, JsonObject } from '../object.ts'
import { describe } from './describe.ts'
import { difference, type FieldSet, intersection, union, withSelf } from './field-set.ts'
import type { Managers } from './managers.ts'
import { removeFields } from './remove.ts'
import { anyType, type Type } from './type.ts'

export interface PruneOptions {
  merged: JsonObject
  /** All managers, the applier with its new set. */
  managers: Managers
  /** What the applier owned before. */
  last: FieldSet | undefined
  type: Type
}

export function prune({ merged, managers, last, type }: PruneOptions): JsonObject {
  if (!last) {
    return merged
  }
  const all = withNamedFields(describe(merged, type), type)
  const owned = [...managers.values()].reduce<FieldSet | undefined>(
    (set, manager) => union(set, manager.set),
    undefined,
  )
  const lastFields = withNamedFields(last, type)
  const without = remove(merged, lastFields, type)
  const kept = union(withNamedFields(describe(without, type), type), withNamedFields(owned, type))
  const pruned = remove(merged, difference(all, kept), type)
  // Fields below what went but which the applier never owned stay.
  const lost = difference(all, withNamedFields(describe(pruned, type), type))
  return remove(merged, intersection(lost, lastFields), type) as JsonObject
}

function remove(value: Json, set: FieldSet | undefined, type: Type): Json {
  return set ? removeFields(value, set, type) : value
}

/** The set with each declared field added that holds a member further below, as if it were owned itself. */
function withNamedFields(set: FieldSet | undefined, type: Type): FieldSet | undefined {
  if (!set) {
    return undefined
  }
  const result: Record<string, FieldSet> = {}
  for (const element in set) {
    const below = set[element] as FieldSet
    if (element === '.') {
      result[element] = below
      continue
    }
    const field = element.startsWith('f:') ? type.fields?.get(element.slice(2)) : undefined
    const named = withNamedFields(below, field?.type ?? type.element ?? anyType) ?? below
    result[element] = field ? withSelf(named) : named
  }
  return result
}
