/**
 * Sets of fields, in the form of FieldsV1 itself: a trie of path elements (`f:name`, `k:{"name":"x"}`, `v:"x"`, `i:0`).
 * A node without keys is a member; a node with `.` is a member that has members below. Sets are never changed in
 * place, so that they share their parts with one another and with stored objects. The empty set is undefined.
 */
import type { JsonObject } from '../object.ts'
import { goQuote } from './go-text.ts'

export interface FieldSet {
  readonly [element: string]: FieldSet
}

/** The set that holds just the field it stands for. */
export const leaf: FieldSet = Object.freeze({})

export function isMember(set: FieldSet): boolean {
  return '.' in set || !hasKeys(set)
}

function hasKeys(set: FieldSet): boolean {
  for (const _ in set) {
    return true
  }
  return false
}

/** The set with the field it stands for added. */
export function withSelf(set: FieldSet | undefined): FieldSet {
  if (set === undefined) {
    return leaf
  }
  return isMember(set) ? set : { '.': leaf, ...set }
}

export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined || a === b) {
    return a ?? b
  }
  if (!hasKeys(a) || !hasKeys(b)) {
    return withSelf(hasKeys(a) ? a : b)
  }
  let result = a
  for (const element in b) {
    const theirs = b[element] as FieldSet
    const mine = a[element]
    const both = union(mine, theirs) as FieldSet
    if (both !== mine) {
      if (result === a) {
        result = { ...a }
      }
      ;(result as Record<string, FieldSet>)[element] = both
    }
  }
  return result
}

/** The members of both. */
export function intersection(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) {
    return undefined
  }
  if (a === b) {
    return a
  }
  const below: Record<string, FieldSet> = {}
  for (const element in a) {
    const theirs = element === '.' ? undefined : b[element]
    const both = theirs && intersection(a[element], theirs)
    if (both) {
      below[element] = both
    }
  }
  return node(isMember(a) && isMember(b), below)
}

/** The members of `a` that are not in `b`; a field in `b` takes away itself, not what is below it. */
export function difference(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return subtract(a, b, false)
}

/** The members of `a` that are neither in `b` nor below a field in `b`. */
export function recursiveDifference(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return subtract(a, b, true)
}

function subtract(a: FieldSet | undefined, b: FieldSet | undefined, recursive: boolean): FieldSet | undefined {
  if (a === undefined || b === undefined) {
    return a
  }
  const below: Record<string, FieldSet> = {}
  for (const element in a) {
    if (element === '.') {
      continue
    }
    const mine = a[element] as FieldSet
    const theirs = b[element]
    if (theirs === undefined) {
      below[element] = mine
      continue
    }
    const rest = recursive && isMember(theirs) ? undefined : subtract(mine, theirs, recursive)
    if (rest) {
      below[element] = rest
    }
  }
  return node(isMember(a) && !isMember(b), below)
}

function node(member: boolean, below: Record<string, FieldSet>): FieldSet | undefined {
  if (!hasKeys(below)) {
    return member ? leaf : undefined
  }
  return member ? { '.': leaf, ...below } : below
}

/** Whether every member of `a` is in `b`. */
export function isSubset(a: FieldSet | undefined, b: FieldSet | undefined): boolean {
  return a === b || difference(a, b) === undefined
}

export function equalSets(a: FieldSet | undefined, b: FieldSet | undefined): boolean {
  return isSubset(a, b) && isSubset(b, a)
}

/** A set to which fields are added one at a time. */
export class FieldSetBuilder {
  #root: Record<string, FieldSet> | undefined

  /** Adds the field at the first `length` elements of `path`; the whole object (length 0) is never a member. */
  add(path: readonly string[], length: number): void {
    if (length === 0) {
      return
    }
    this.#root ??= {}
    let at: Record<string, FieldSet> = this.#root
    for (let index = 0; index < length; index++) {
      const element = path[index] as string
      let next = at[element] as Record<string, FieldSet> | undefined
      if (next === undefined) {
        next = {}
        at[element] = next
      } else if (index === length - 1 ? !isMember(next) : !hasKeys(next)) {
        next['.'] = leaf
      }
      at = next
    }
  }

  get set(): FieldSet | undefined {
    return this.#root
  }
}

/** Calls back for every member with its path: first those on one level, then what is below them. */
export function eachMember(set: FieldSet | undefined, visit: (path: readonly string[]) => void): void {
  const path: string[] = []
  const walk = (at: FieldSet) => {
    const elements = Object.keys(at)
      .filter((element) => element !== '.')
      .sort(compareElements)
    for (const element of elements) {
      if (isMember(at[element] as FieldSet)) {
        visit([...path, element])
      }
    }
    for (const element of elements) {
      path.push(element)
      walk(at[element] as FieldSet)
      path.pop()
    }
  }
  if (set) {
    walk(set)
  }
}

const kinds = 'fkvi'

/** The order of path elements: fields, then keys, values and indexes. */
function compareElements(a: string, b: string): number {
  const byKind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0))
  if (byKind !== 0) {
    return byKind
  }
  if (a.startsWith('i:')) {
    return Number(a.slice(2)) - Number(b.slice(2))
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** The set as metadata.managedFields holds it, its elements in order. */
export function toFieldsV1(set: FieldSet): JsonObject {
  return ordered(set) as unknown as JsonObject
}

const inOrder = new WeakSet<FieldSet>()

function ordered(set: FieldSet): FieldSet {
  if (inOrder.has(set)) {
    return set
  }
  const elements = Object.keys(set)
  let sorted = elements.length < 2 || isSorted(elements)
  const below = elements.map((element) => ordered(set[element] as FieldSet))
  sorted &&= below.every((one, index) => one === set[elements[index] as string])
  let result = set
  if (!sorted) {
    const order = elements.map((element, index) => [element, below[index] as FieldSet] as const)
    order.sort(([a], [b]) => (a === '.' ? -1 : b === '.' ? 1 : compareElements(a, b)))
    result = Object.fromEntries(order)
  }
  inOrder.add(result)
  return result
}

function isSorted(elements: string[]): boolean {
  for (let index = 1; index < elements.length; index++) {
    const a = elements[index - 1] as string
    const b = elements[index] as string
    if (b === '.' || (a !== '.' && compareElements(a, b) > 0)) {
      return false
    }
  }
  return true
}

/**
 * Reads a FieldsV1 that a client sent: keys in one spelling, so that sets can be compared.
 * Throws an Error when a path element is malformed.
 */
export function fromFieldsV1(fields: JsonObject): FieldSet | undefined {
  const set: Record<string, FieldSet> = {}
  for (const [element, below] of Object.entries(fields)) {
    if (below === null || typeof below !== 'object' || Array.isArray(below)) {
      throw new Error(`fieldsV1: ${element} must hold an object`)
    }
    set[element === '.' ? '.' : canonicalElement(element)] = fromFieldsV1(below) ?? leaf
  }
  return hasKeys(set) ? set : undefined
}

function canonicalElement(element: string): string {
  const content = element.slice(2)
  switch (element.slice(0, 2)) {
    case 'f:':
      return element
    case 'v:':
      return `v:${JSON.stringify(JSON.parse(content))}`
    case 'k:': {
      const key = JSON.parse(content) as Record<string, unknown>
      return keyElement(Object.keys(key).sort(), (name) => JSON.stringify(key[name]))
    }
    case 'i:':
      return `i:${Number.parseInt(content, 10)}`
    default:
      throw new Error(`fieldsV1: unknown path element ${element}`)
  }
}

/** The path element of a list item, given the names of its keys in order and each value as JSON. */
export function keyElement(names: readonly string[], jsonOf: (name: string) => string): string {
  return `k:{${names.map((name) => `${JSON.stringify(name)}:${jsonOf(name)}`).join(',')}}`
}

/** A path as conflicts and errors print it, such as `.spec.containers[name="one"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('')
}

export function elementText(element: string): string {
  const content = element.slice(2)
  switch (element.charAt(0)) {
    case 'f':
      return `.${content}`
    case 'k': {
      const key = JSON.parse(content) as Record<string, unknown>
      return `[${Object.entries(key)
        .map(([name, value]) => `${name}=${valueText(value)}`)
        .join(',')}]`
    }
    case 'v':
      return `[=${valueText(JSON.parse(content))}]`
    default:
      return `[${content}]`
  }
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? goQuote(value) : JSON.stringify(value)
}
