/** What functions of expressions are given, and what they take it for. */
import { Budget, GoDuration, isDict, isTime, type Value } from '../../template/index.ts'
import { nameOf } from './operators.ts'
import { ExpressionError } from './tokens.ts'

/** Asked for one element. */
export type Predicate = (element: Value, index: number, accumulator?: Value) => Value

export interface Given {
  budget: Budget
  /** For those that take one; without it elements are taken as they are. */
  predicate: Predicate
  now(): Value
}

export type Builtin = (args: Value[], given: Given) => Value

export const limits = { steps: 200_000, textLength: 1024 * 1024, depth: 200 }

export function list(value: Value): Value[] {
  if (Array.isArray(value)) return value
  if (value === null || value === undefined) return []
  throw new ExpressionError(`an array is needed, not ${nameOf(value)}`)
}

/** The elements of a list that is gone through, or taken over into another one. */
export function counted(value: Value, budget: Budget): Value[] {
  const elements = list(value)
  budget.step(elements.length)
  return elements
}

export function text(value: Value): string {
  if (typeof value === 'string') return value
  throw new ExpressionError(`a string is needed, not ${nameOf(value)}`)
}

export function integer(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value))
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value)
  throw new ExpressionError(`${nameOf(value)} is no whole number`)
}

export function float(value: Value): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'bigint' || typeof number === 'number') return Number(number)
  throw new ExpressionError(`${nameOf(value)} is no number`)
}

/** As Go prints it. A value may hold the same one many times over, so that its text is longer than all that it is made of. */
export function asText(value: Value, budget: Budget = new Budget(limits)): string {
  const printed = (part: Value): string => {
    budget.step()
    if (part === null || part === undefined) return '<nil>'
    if (Array.isArray(part)) return budget.nested(() => `[${part.map(printed).join(' ')}]`)
    if (isTime(part) || part instanceof GoDuration || !isDict(part)) {
      const leaf = String(part)
      budget.text(leaf.length)
      return leaf
    }
    const keys = Object.keys(part).sort()
    return budget.nested(() => `map[${keys.map((key) => `${key}:${printed(part[key])}`).join(' ')}]`)
  }
  return printed(value)
}
