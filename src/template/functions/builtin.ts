/** The functions that every template of Go has. */
import type { Budget } from '../budget.ts'
import { callFunction } from '../run/call.ts'
import { escapeHtml, escapeJs, escapeQuery } from '../text/escape.ts'
import { print, println } from '../text/print.ts'
import { printf } from '../text/printf.ts'
import { GoTime } from '../time/go-time.ts'
import { entry, isDict, isTrue, kindOf, TemplateFunction, templateFunction, typeName, type Value } from '../value.ts'

function isNil(value: Value): boolean {
  return value === null || value === undefined
}

function index(item: Value, ...keys: Value[]): Value {
  let value = item
  if (isNil(value) && keys.length === 0) throw new Error('index of untyped nil')
  for (const key of keys) value = element(value, key)
  return value
}

function element(item: Value, key: Value): Value {
  if (isNil(item)) throw new Error('index of untyped nil')
  if (isDict(item)) {
    if (typeof key !== 'string') throw new Error(`value has type ${typeName(key)}; should be string`)
    return entry(item, key) ?? null
  }
  if (typeof item === 'string') return BigInt(Buffer.from(item)[position(key, Buffer.byteLength(item))] ?? 0)
  if (Array.isArray(item)) return item[position(key, item.length)] ?? null
  throw new Error(`can't index item of type ${typeName(item)}`)
}

function position(key: Value, length: number, includingEnd = false): number {
  if (isNil(key)) throw new Error('cannot index slice/array with nil')
  if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
  const number = Number(key)
  if (number < 0 || number > length || (number === length && !includingEnd)) {
    throw new Error(`index out of range: ${key}`)
  }
  return number
}

function slice(item: Value, ...bounds: Value[]): Value {
  if (isNil(item)) throw new Error('slice of untyped nil')
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`)
  if (typeof item === 'string') {
    if (bounds.length === 3) throw new Error('cannot 3-index slice a string')
    const bytes = Buffer.from(item)
    const [from, to] = range(bounds, bytes.length)
    return bytes.subarray(from, to).toString('utf8')
  }
  if (!Array.isArray(item)) throw new Error(`can't slice item of type ${typeName(item)}`)
  const [from, to] = range(bounds, item.length)
  return item.slice(from, to)
}

function range(bounds: Value[], length: number): [number, number] {
  const [from = 0, to = length] = bounds.map((bound) => position(bound, length, true))
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`)
  return [from, to]
}

function length(value: Value): bigint {
  if (isNil(value)) throw new Error('len of nil pointer')
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (isDict(value)) return BigInt(Object.keys(value).length)
  throw new Error(`len of type ${typeName(value)}`)
}

const basicKinds = new Set(['bool', 'int', 'float64', 'string'])

function equal(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison')
  return others.some((other) => equalTo(first, other))
}

function equalTo(a: Value, b: Value): boolean {
  const left = kindOf(a)
  const right = kindOf(b)
  if (left === 'invalid' || right === 'invalid') return left === right
  if (basicKinds.has(left) || basicKinds.has(right)) {
    if (left !== right) throw new Error('incompatible types for comparison')
    return a === b
  }
  if (a instanceof GoTime && b instanceof GoTime) return a.equals(b)
  throw new Error(`non-comparable type ${typeName(a)}: ${typeName(b)}`)
}

function less(a: Value, b: Value): boolean {
  const kind = kindOf(a)
  if (!basicKinds.has(kind) || kind === 'bool') throw new Error('invalid type for comparison')
  if (kind !== kindOf(b)) throw new Error('incompatible types for comparison')
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string)) < 0
  return (a as number) < (b as number)
}

function escaping(escaped: (text: string) => string): TemplateFunction {
  return templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => {
    const text = print(values, budget)
    budget.text(6 * text.length)
    return escaped(text)
  })
}

export const builtinFunctions: Record<string, TemplateFunction> = {
  // Evaluated by the evaluator, which leaves out what need not be asked; here for being known.
  and: templateFunction(['any', '...any'], () => null),
  or: templateFunction(['any', '...any'], () => null),
  not: templateFunction(['any'], (value: Value) => !isTrue(value)),
  len: templateFunction(['any'], length),
  index: templateFunction(['any', '...any'], index),
  slice: templateFunction(['any', '...any'], slice),
  print: templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => print(values, budget)),
  println: templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => println(values, budget)),
  printf: templateFunction(['budget', 'string', '...any'], (budget: Budget, format: string, ...values: Value[]) =>
    printf(format, values, budget),
  ),
  html: escaping(escapeHtml),
  js: escaping(escapeJs),
  urlquery: escaping(escapeQuery),
  call: templateFunction(['budget', 'now', 'any', '...strict'], (budget, now, called: Value, ...args: Value[]) => {
    if (isNil(called)) throw new Error('call of nil')
    if (!(called instanceof TemplateFunction)) throw new Error(`non-function of type ${typeName(called)}`)
    return callFunction({ name: 'function', function: called }, args, { budget, now })
  }),
  eq: templateFunction(['any', '...any'], equal),
  ne: templateFunction(['any', 'any'], (a: Value, b: Value) => !equalTo(a, b)),
  lt: templateFunction(['any', 'any'], less),
  le: templateFunction(['any', 'any'], (a: Value, b: Value) => less(a, b) || equalTo(a, b)),
  gt: templateFunction(['any', 'any'], (a: Value, b: Value) => !less(a, b) && !equalTo(a, b)),
  ge: templateFunction(['any', 'any'], (a: Value, b: Value) => !less(a, b)),
}
