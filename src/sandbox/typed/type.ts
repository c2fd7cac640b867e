/** The type tree: how a value of a kind is shaped, merged, owned and written by Go. */
import type { Json } from '../object.ts'

export type Shape = 'struct' | 'map' | 'list' | 'scalar' | 'any'
export type Scalar = 'string' | 'integer' | 'number' | 'boolean' | 'untyped'

/** How Go's API types hold a field; decides what is left out and what is written when it is empty. */
export interface GoField {
  /** As reflect prints it, such as `*int32` or `[]v1.Container`. */
  name: string
  holds: 'pointer' | 'slice' | 'map' | 'scalar' | 'struct' | 'time' | 'raw'
  omitEmpty: boolean
  omitZero: boolean
  /** The names of the embedded structs that the field comes from: they are part of its path in error texts. */
  embedded?: readonly string[]
}

export interface Field {
  name: string
  readonly type: Type
  go?: GoField
  default?: Json
  /** Strategic merge: whether a list merges or a map is replaced, and the key by which list items match. */
  patch?: { merge: boolean; replace: boolean; key: string }
}

export interface Type {
  shape: Shape
  /** An atomic map or list is owned and replaced as a whole. */
  atomic: boolean
  scalar?: Scalar
  /** `int-or-string`, `quantity`, `date-time`, `micro-time`, `byte`, `int32`, `int64`, `double` … */
  format?: string
  /** Of a struct. */
  readonly fields?: ReadonlyMap<string, Field>
  /** Of a map its values, of a list its items, of a struct what its undeclared fields hold (absent: none allowed). */
  readonly element?: Type
  /** Of a list of maps its keys in alphabetical order; of a set empty. */
  keys?: readonly string[]
  /** The last part of the definition's name: Go's name of the struct. */
  name?: string
  /** Part of a custom resource: checked by its own schema, not by Go's types. */
  custom?: boolean
}

/** A value of which nothing is known: maps merge by key, lists are atomic. */
export const anyType: Type = {
  shape: 'any',
  atomic: false,
  scalar: 'untyped',
  get element() {
    return anyType
  },
}

/** The type of the value under `key` of a struct or map; undefined when it is not declared. */
export function memberType(type: Type, key: string): Type | undefined {
  return type.fields?.get(key)?.type ?? type.element
}
