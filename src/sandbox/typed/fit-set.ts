/** Brings a field set in line with a type that has changed since: what became atomic is owned as a whole. */
import { type FieldSet, leaf } from './field-set.ts'
import { memberType, type Type } from './type.ts'

const fitting = new WeakMap<FieldSet, Type>()

/** The set with every field below an atomic one replaced by that one; `set` itself when nothing has to change. */
export function fitSet(set: FieldSet, type: Type): FieldSet {
  if (fitting.get(set) === type) {
    return set
  }
  const fitted = reshaped(set, type)
  fitting.set(fitted, type)
  return fitted
}

function reshaped(set: FieldSet, type: Type): FieldSet {
  let result = set
  for (const element in set) {
    const below = set[element] as FieldSet
    const of =
      element === '.' ? undefined : element.startsWith('f:') ? memberType(type, element.slice(2)) : type.element
    // Of a value of unknown type nobody can tell what is atomic.
    const fitted = !of || of.shape === 'any' ? below : of.atomic ? leaf : reshaped(below, of)
    if (fitted !== below && !(fitted === leaf && isLeaf(below))) {
      if (result === set) {
        result = { ...set }
      }
      ;(result as Record<string, FieldSet>)[element] = fitted
    }
  }
  return result
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0
}
