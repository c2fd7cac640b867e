/** The functions of expressions for numbers. */
import type { Value } from '../../template/index.ts'
import { type Builtin, float, integer } from './arguments.ts'
import { flattened } from './list-functions.ts'
import { ExpressionError } from './tokens.ts'

const extreme =
  (isBetter: (a: number, b: number) => boolean): Builtin =>
  (args, { budget }) =>
    flattened(args, budget).reduce(
      (best, value) => (best === undefined || isBetter(float(value), float(best)) ? value : best),
      undefined,
    ) ?? null

const ofNumbers =
  (work: (numbers: number[]) => number): Builtin =>
  (args, { budget }) => {
    const numbers = flattened(args, budget).map(float)
    return numbers.length === 0 ? 0 : work(numbers)
  }

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  const [left = 0, right = left] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1)
  return (left + right) / 2
}

/** As Go has them: half away from zero. */
function rounded(number: number): number {
  return Math.sign(number) * Math.round(Math.abs(number))
}

const ofBits =
  (work: (a: bigint, b: bigint) => bigint): Builtin =>
  ([a, b]) =>
    BigInt.asIntN(64, work(whole(a), whole(b)))

function whole(value: Value): bigint {
  if (typeof value !== 'bigint') throw new ExpressionError('only whole numbers have bits')
  return value
}

/** Beyond its width nothing of a number is left to be shifted. */
function width(count: bigint): bigint {
  if (count < 0n) throw new ExpressionError(`a number is not shifted by ${count}`)
  return count > 64n ? 64n : count
}

export const numberFunctions: Record<string, Builtin> = {
  int: ([value]) => integer(value),
  float: ([value]) => float(value),
  abs: ([value]) => (typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(float(value))),
  ceil: ([value]) => Math.ceil(float(value)),
  floor: ([value]) => Math.floor(float(value)),
  round: ([value]) => rounded(float(value)),
  max: extreme((a, b) => a > b),
  min: extreme((a, b) => a < b),
  mean: ofNumbers((numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length),
  median: ofNumbers(median),
  bitand: ofBits((a, b) => a & b),
  bitor: ofBits((a, b) => a | b),
  bitxor: ofBits((a, b) => a ^ b),
  bitnand: ofBits((a, b) => a & ~b),
  bitnot: ([value]) => ~whole(value),
  bitshl: ofBits((a, b) => a << width(b)),
  bitshr: ofBits((a, b) => a >> width(b)),
  bitushr: ofBits((a, b) => BigInt.asUintN(64, a) >> width(b)),
}
