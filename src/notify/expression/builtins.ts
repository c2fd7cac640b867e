/** The functions that every expression has. */
import { type Budget, isDict, type Value } from '../../template/index.ts'
import { isEqual, nameOf } from './operators.ts'
import { ExpressionError } from './tokens.ts'

/** Asked for one element. */
export type Predicate = (element: Value) => Value

interface Given {
  budget: Budget
  /** For those that take one; without it elements are taken as they are. */
  predicate: Predicate
}

export type Builtin = (args: Value[], given: Given) => Value

function list(value: Value): Value[] {
  if (Array.isArray(value)) return value
  if (value === null || value === undefined) return []
  throw new ExpressionError(`an array is needed, not ${nameOf(value)}`)
}

function text(value: Value): string {
  if (typeof value === 'string') return value
  throw new ExpressionError(`a string is needed, not ${nameOf(value)}`)
}

function holds(given: Given): (element: Value) => boolean {
  return (element) => {
    given.budget.step()
    return given.predicate(element) === true
  }
}

function length(value: Value): bigint {
  if (typeof value === 'string') return BigInt([...value].length)
  if (Array.isArray(value)) return BigInt(value.length)
  if (isDict(value)) return BigInt(Object.keys(value).length)
  throw new ExpressionError(`${nameOf(value)} has no length`)
}

function integer(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value))
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value)
  throw new ExpressionError(`${nameOf(value)} is no whole number`)
}

function float(value: Value): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'bigint' || typeof number === 'number') return Number(number)
  throw new ExpressionError(`${nameOf(value)} is no number`)
}

export function asText(value: Value): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`
  if (!isDict(value)) return String(value)
  const keys = Object.keys(value).sort()
  return `map[${keys.map((key) => `${key}:${asText(value[key])}`).join(' ')}]`
}

const ofText =
  (work: (text: string, ...others: string[]) => Value): Builtin =>
  (args) =>
    work(text(args[0]), ...args.slice(1).map(text))

const extreme =
  (isBetter: (a: number, b: number) => boolean): Builtin =>
  (args) =>
    args
      .flat()
      .reduce((best, value) => (best === undefined || isBetter(float(value), float(best)) ? value : best), undefined)

export const builtins: Record<string, Builtin> = {
  all: ([values], given) => list(values).every(holds(given)),
  any: ([values], given) => list(values).some(holds(given)),
  none: ([values], given) => !list(values).some(holds(given)),
  one: ([values], given) => list(values).filter(holds(given)).length === 1,
  filter: ([values], given) => list(values).filter(holds(given)),
  count: ([values], given) => BigInt(list(values).filter(holds(given)).length),
  find: ([values], given) => list(values).find(holds(given)) ?? null,
  findIndex: ([values], given) => BigInt(list(values).findIndex(holds(given))),
  findLast: ([values], given) => list(values).findLast(holds(given)) ?? null,
  map: ([values], { predicate, budget }) =>
    list(values).map((element) => {
      budget.step()
      return predicate(element)
    }),
  sum: ([values], { predicate }) => {
    const numbers = list(values).map(predicate)
    if (numbers.every((number) => typeof number === 'bigint')) return numbers.reduce((sum, number) => sum + number, 0n)
    return numbers.reduce((sum: number, number) => sum + float(number), 0)
  },
  len: ([value]) => length(value),
  int: ([value]) => integer(value),
  float: ([value]) => float(value),
  string: ([value]) => asText(value),
  type: ([value]) => nameOf(value),
  abs: ([value]) => (typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(float(value))),
  ceil: ([value]) => Math.ceil(float(value)),
  floor: ([value]) => Math.floor(float(value)),
  round: ([value]) => Math.round(float(value)),
  max: extreme((a, b) => a > b),
  min: extreme((a, b) => a < b),
  first: ([values]) => list(values)[0] ?? null,
  last: ([values]) => list(values).at(-1) ?? null,
  take: ([values, count]) => list(values).slice(0, Number(integer(count))),
  reverse: ([values]) => list(values).toReversed(),
  uniq: ([values]) => list(values).filter((value, at, all) => all.findIndex((other) => isEqual(value, other)) === at),
  concat: (args) => args.flatMap(list),
  keys: ([value]) => (isDict(value) ? Object.keys(value) : []),
  values: ([value]) => (isDict(value) ? Object.values(value) : []),
  get: ([value, key]) => {
    if (isDict(value)) return Object.hasOwn(value, String(key)) ? value[String(key)] : null
    return Array.isArray(value) && typeof key === 'bigint' ? (value.at(Number(key)) ?? null) : null
  },
  trim: ofText((value) => value.trim()),
  trimPrefix: ofText((value, prefix = '') => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimSuffix: ofText((value, suffix = '') =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  upper: ofText((value) => value.toUpperCase()),
  lower: ofText((value) => value.toLowerCase()),
  split: ofText((value, separator = '') => value.split(separator)),
  hasPrefix: ofText((value, prefix = '') => value.startsWith(prefix)),
  hasSuffix: ofText((value, suffix = '') => value.endsWith(suffix)),
  indexOf: ofText((value, part = '') => BigInt(value.indexOf(part))),
  lastIndexOf: ofText((value, part = '') => BigInt(value.lastIndexOf(part))),
  replace: ([value, from, to], { budget }) => {
    const pieces = text(value).split(text(from))
    budget.text(text(value).length + text(to).length * pieces.length)
    return pieces.join(text(to))
  },
  repeat: ([value, count], { budget }) => {
    budget.text(text(value).length * Number(integer(count)))
    return text(value).repeat(Math.max(0, Number(integer(count))))
  },
  join: ([values, separator]) =>
    list(values)
      .map(asText)
      .join(separator === undefined ? '' : text(separator)),
}
