/** sprig's arithmetic. Whatever comes is made a number, as Go's cast package does it. */
import type { Budget } from '../budget.ts'
import { numberConstant } from '../syntax/literal.ts'
import { textOf } from '../text/print.ts'
import { type TemplateFunction, templateFunction, type Value } from '../value.ts'

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

const smallest = -(2n ** 63n)

/** Zero for what is no number. */
export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value
  // What does not fit becomes the smallest integer, as on the processors that Go programs run on.
  if (typeof value === 'number') return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : smallest
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value !== 'string') return 0n
  const parsed = numberConstant(value.replace(/^([^.]*)\.0*$/, '$1'))
  return typeof parsed === 'bigint' ? parsed : 0n
}

export function toFloat(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return 0
  return Number(value)
}

function ints(combine: (a: bigint, b: bigint) => bigint): TemplateFunction {
  return templateFunction(['any', '...any'], (first: Value, ...others: Value[]) => {
    return others.reduce((total: bigint, other) => int64(combine(total, toInt(other))), toInt(first))
  })
}

/** Sums of decimal fractions are exact: 0.1 and 0.2 are 0.3. */
interface Decimal {
  digits: bigint
  scale: number
}

function decimal(value: Value): Decimal {
  const number = toFloat(value)
  if (!Number.isFinite(number)) throw new Error(`${number} has no decimal form`)
  const [mantissa = '0', exponent = '0'] = number.toExponential().split('e')
  const fraction = mantissa.split('.')[1]?.length ?? 0
  const scale = fraction - Number(exponent)
  const digits = BigInt(mantissa.replace('.', ''))
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale }
}

function atScale({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale)
}

function toNumber({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`)
}

function decimals(combine: (a: Decimal, b: Decimal) => Decimal) {
  return (first: Value, ...others: Value[]): number => {
    // Back to a float in between keeps the digits from growing without bound.
    return others.reduce((total: number, other) => toNumber(combine(decimal(total), decimal(other))), toFloat(first))
  }
}

const addDecimals = decimals((a, b) => {
  const scale = Math.max(a.scale, b.scale)
  return { digits: atScale(a, scale) + atScale(b, scale), scale }
})

const subtractDecimals = decimals((a, b) => {
  const scale = Math.max(a.scale, b.scale)
  return { digits: atScale(a, scale) - atScale(b, scale), scale }
})

const multiplyDecimals = decimals((a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale }))

/** Sixteen places, as the decimal package of sprig divides. */
const divideDecimals = decimals((a, b) => {
  if (b.digits === 0n) throw new Error('decimal division by 0')
  const scale = Math.max(a.scale, b.scale)
  const numerator = atScale(a, scale) * 10n ** 17n
  const quotient = numerator / atScale(b, scale)
  return { digits: (quotient + (quotient < 0n ? -5n : 5n)) / 10n, scale: 16 }
})

function untilStep(budget: Budget, start: bigint, stop: bigint, step: bigint): bigint[] {
  const result: bigint[] = []
  if (stop < start ? step >= 0n : step <= 0n) return result
  budget.step(Number((stop - start) / step))
  for (let value = start; stop < start ? value > stop : value < stop; value += step) result.push(value)
  return result
}

/** Like the program of that name: `end`, `start end` or `start step end`, both ends included. */
function sequence(budget: Budget, ...given: bigint[]): string {
  const [first = 0n, second = 0n, third = 0n] = given
  const [start, end] = given.length === 1 ? [1n, first] : [first, given.length === 2 ? second : third]
  const direction = end < start ? -1n : 1n
  const step = given.length === 3 ? second : direction
  if (given.length === 0 || given.length > 3 || (direction < 0n && step > 0n)) return ''
  return untilStep(budget, start, end + direction, step).join(' ')
}

function round(value: Value, places: bigint, ...options: number[]): number {
  const power = 10 ** Number(places)
  const digit = power * toFloat(value)
  const fraction = digit - Math.trunc(digit)
  return (fraction >= (options[0] ?? 0.5) ? Math.ceil(digit) : Math.floor(digit)) / power
}

function divide(a: Value, b: Value): [bigint, bigint] {
  const divisor = toInt(b)
  if (divisor === 0n) throw new Error('integer divide by zero')
  return [toInt(a), divisor]
}

function toDecimal(value: Value, budget: Budget): bigint {
  const text = textOf(value, budget)
  return /^[+-]?[0-7]+$/.test(text) ? BigInt(Number.parseInt(text, 8)) : 0n
}

const larger = (a: bigint, b: bigint): boolean => a > b
const biggest = ints((a, b) => (larger(b, a) ? b : a))

export const numberFunctions: Record<string, TemplateFunction> = {
  atoi: templateFunction(['string'], (text: string) =>
    /^[+-]?\d+$/.test(text) ? int64(BigInt(text.replace('+', ''))) : 0n,
  ),
  int: templateFunction(['any'], toInt),
  int64: templateFunction(['any'], toInt),
  float64: templateFunction(['any'], toFloat),
  toDecimal: templateFunction(['budget', 'any'], (budget: Budget, value: Value) => toDecimal(value, budget)),
  add1: templateFunction(['any'], (value: Value) => int64(toInt(value) + 1n)),
  add: templateFunction(['...any'], (...values: Value[]) =>
    values.reduce((sum: bigint, value) => int64(sum + toInt(value)), 0n),
  ),
  sub: templateFunction(['any', 'any'], (a: Value, b: Value) => int64(toInt(a) - toInt(b))),
  mul: ints((a, b) => a * b),
  div: templateFunction(['any', 'any'], (a: Value, b: Value) => {
    const [dividend, divisor] = divide(a, b)
    return int64(dividend / divisor)
  }),
  mod: templateFunction(['any', 'any'], (a: Value, b: Value) => {
    const [dividend, divisor] = divide(a, b)
    return dividend % divisor
  }),
  add1f: templateFunction(['any'], (value: Value) => addDecimals(value, 1)),
  addf: templateFunction(['...any'], (...values: Value[]) => addDecimals(0, ...values)),
  subf: templateFunction(['any', '...any'], subtractDecimals),
  mulf: templateFunction(['any', '...any'], multiplyDecimals),
  divf: templateFunction(['any', '...any'], divideDecimals),
  biggest,
  max: biggest,
  min: ints((a, b) => (larger(a, b) ? b : a)),
  maxf: templateFunction(['any', '...any'], (...values: Value[]) => Math.max(...values.map(toFloat))),
  minf: templateFunction(['any', '...any'], (...values: Value[]) => Math.min(...values.map(toFloat))),
  ceil: templateFunction(['any'], (value: Value) => Math.ceil(toFloat(value))),
  floor: templateFunction(['any'], (value: Value) => Math.floor(toFloat(value))),
  round: templateFunction(['any', 'int', '...float64'], round),
  until: templateFunction(['budget', 'int'], (budget: Budget, count: bigint) =>
    untilStep(budget, 0n, count, count < 0n ? -1n : 1n),
  ),
  untilStep: templateFunction(['budget', 'int', 'int', 'int'], untilStep),
  seq: templateFunction(['budget', '...int'], sequence),
}
