/**
 * Values as a template sees them. JSON, with two distinctions of Go: integers are `bigint` and floats are `number`; and what
 * is missing (`undefined`) is not what is null.
 */
import type { Budget } from './budget.ts'

export type Value = unknown
export type Dict = Record<string, Value>

/** A value with methods instead of fields: a time, a version. */
export abstract class Native {
  abstract readonly typeName: string
  abstract toString(): string
  /** Methods and fields by name; a method is a TemplateFunction. */
  abstract member(name: string): Value
}

export type Kind = 'invalid' | 'bool' | 'int' | 'float64' | 'string' | 'slice' | 'map' | 'func' | 'struct'

/** What a parameter takes; `budget`, `now` and `random` take no argument and are filled in by the rendering. */
export type Parameter =
  | 'any'
  | 'string'
  | 'int'
  | 'float64'
  | 'bool'
  | 'dict'
  | 'list'
  | 'time'
  | 'budget'
  | 'now'
  | 'strict'

export class TemplateFunction {
  readonly parameters: readonly Parameter[]
  /** Of each further argument. */
  readonly rest: Parameter | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the parameters say what the arguments are, and they are checked before the call
  readonly implementation: (...args: any[]) => Value

  constructor(
    parameters: readonly Parameter[],
    // biome-ignore lint/suspicious/noExplicitAny: as above
    implementation: (...args: any[]) => Value,
    rest?: Parameter,
  ) {
    this.parameters = parameters
    this.rest = rest
    this.implementation = implementation
  }
}

/** A function that templates can call: what it takes, then what it does. A last parameter `...T` takes any number of T. */
export function templateFunction(
  parameters: readonly (Parameter | `...${Parameter}`)[],
  // biome-ignore lint/suspicious/noExplicitAny: as above
  implementation: (...args: any[]) => Value,
): TemplateFunction {
  const last = parameters.at(-1)
  if (last?.startsWith('...')) {
    const fixed = parameters.slice(0, -1) as Parameter[]
    return new TemplateFunction(fixed, implementation, last.slice(3) as Parameter)
  }
  return new TemplateFunction(parameters as Parameter[], implementation)
}

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'float64'
    case 'object':
      if (value === null) return 'invalid'
      if (Array.isArray(value)) return 'slice'
      if (value instanceof TemplateFunction) return 'func'
      return value instanceof Native ? 'struct' : 'map'
    default:
      return 'invalid'
  }
}

/** As Go's `%T` names it. */
export function typeName(value: Value): string {
  const kind = kindOf(value)
  if (kind === 'invalid') return '<nil>'
  if (kind === 'slice') return '[]interface {}'
  if (kind === 'map') return 'map[string]interface {}'
  return value instanceof Native ? value.typeName : kind
}

export function isDict(value: Value): value is Dict {
  return kindOf(value) === 'map'
}

export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (isDict(value)) return hasKeys(value)
  if (typeof value === 'object') return true
  return value !== '' && value !== false && value !== 0n && value !== 0
}

function hasKeys(dict: Dict): boolean {
  for (const key in dict) if (Object.hasOwn(dict, key)) return true
  return false
}

/** Undefined for what is not there, inherited names among it. */
export function entry(dict: Dict, key: string): Value {
  return Object.hasOwn(dict, key) ? (dict[key] ?? null) : undefined
}

/** Unlike an assignment it also takes `__proto__` for the name it is. */
export function setEntry(dict: Dict, key: string, value: Value): void {
  if (key !== '__proto__') dict[key] = value
  else Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true })
}

export function dictOf(entries: Iterable<readonly [string, Value]>): Dict {
  const dict: Dict = {}
  for (const [key, value] of entries) setEntry(dict, key, value)
  return dict
}

/** Go orders strings by their bytes, which is the order of their code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    const leftPaired = left >= 0xd800 && left <= 0xdfff
    const rightPaired = right >= 0xd800 && right <= 0xdfff
    if (leftPaired !== rightPaired) return leftPaired ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

export function sortedKeys(dict: Dict): string[] {
  return Object.keys(dict).sort(compareText)
}

/** Reads whole numbers as integers, all the way down, as Go does with the objects of Kubernetes. The copy is the caller's. */
export function withIntegers(value: Value): Value {
  return copied(value, (leaf) => (typeof leaf === 'number' && Number.isSafeInteger(leaf) ? BigInt(leaf) : leaf))
}

export function deepCopy(value: Value, budget?: Budget): Value {
  return copied(value, (leaf) => leaf, budget)
}

function copied(value: Value, leaf: (value: Value) => Value, budget?: Budget): Value {
  budget?.step()
  const inner = (): Value => {
    if (Array.isArray(value)) return value.map((element) => copied(element, leaf, budget))
    return dictOf(Object.entries(value as Dict).map(([key, element]) => [key, copied(element, leaf, budget)] as const))
  }
  if (!Array.isArray(value) && !isDict(value)) return leaf(value)
  return budget ? budget.nested(inner) : inner()
}
