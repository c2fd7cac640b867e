/** What the operators of expressions do to values: whole numbers are bigints, floats numbers. */
import { Pattern } from '../../pattern/index.ts'
import { type Budget, GoDuration, isDict, isTime, type Value } from '../../template/index.ts'
import { ExpressionError } from './tokens.ts'

function refuse(operator: string, left: Value, right: Value): ExpressionError {
  return new ExpressionError(`${operator} is not defined for ${nameOf(left)} and ${nameOf(right)}`)
}

export function nameOf(value: Value): string {
  if (value === null || value === undefined) return 'nil'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (Array.isArray(value)) return 'array'
  if (isTime(value)) return 'time'
  if (value instanceof GoDuration) return 'duration'
  return isDict(value) ? 'map' : typeof value
}

export function isEqual(left: Value, right: Value, budget: Budget): boolean {
  budget.step()
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right)
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right)
  if (isTime(left)) return isTime(right) && left.equals(right)
  if (left instanceof GoDuration) return right instanceof GoDuration && left.nanoseconds === right.nanoseconds
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((one, at) => isEqual(one, right[at], budget))
    )
  }
  if (!isDict(left) || !isDict(right)) return left === right
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], budget))
  )
}

const isNil = (value: Value): boolean => value === null || value === undefined
const isNumber = (value: Value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

/** Negative, zero or positive. */
export function order(operator: string, left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  if (isTime(left) && isTime(right)) return left.nanoseconds < right.nanoseconds ? -1 : left.equals(right) ? 0 : 1
  const spans = [left, right].map((value) => (value instanceof GoDuration ? value.nanoseconds : undefined))
  const [a, b] = spans
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0
  throw refuse(operator, left, right)
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(operator, left, right)
  if (isNumber(left) && isNumber(right)) return floats(operator, Number(left), Number(right))
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') return left + right
  if (isTime(left) && right instanceof GoDuration) {
    return left.plus(operator === '-' ? -right.nanoseconds : right.nanoseconds)
  }
  if (isTime(left) && isTime(right) && operator === '-') return new GoDuration(left.nanoseconds - right.nanoseconds)
  const spans = [left, right].map((value) => (value instanceof GoDuration ? value.nanoseconds : value))
  if (spans.some((span, at) => span !== [left, right][at]) && spans.every((span) => typeof span === 'bigint')) {
    const result = integers(operator, spans[0] as bigint, spans[1] as bigint)
    return typeof result === 'bigint' ? new GoDuration(result) : result
  }
  throw refuse(operator, left, right)
}

function integers(operator: string, left: bigint, right: bigint): Value {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, left + right)
    case '-':
      return BigInt.asIntN(64, left - right)
    case '*':
      return BigInt.asIntN(64, left * right)
    case '%':
      if (right === 0n) throw new ExpressionError('division by zero')
      return left % right
    default:
      return floats(operator, Number(left), Number(right))
  }
}

function floats(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '**':
    case '^':
      return left ** right
    default:
      throw new ExpressionError(`${operator} is not defined for floats`)
  }
}

function isIn(left: Value, right: Value, budget: Budget): boolean {
  if (isNil(right)) return false
  if (Array.isArray(right)) return right.some((element) => isEqual(left, element, budget))
  if (isDict(right)) return typeof left === 'string' && Object.hasOwn(right, left)
  throw refuse('in', left, right)
}

function texts(operator: string, left: Value, right: Value): [string, string] {
  if (typeof left !== 'string' || typeof right !== 'string') throw refuse(operator, left, right)
  return [left, right]
}

function rangeOf(left: Value, right: Value, budget: Budget): Value {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') throw refuse('..', left, right)
  const count = right < left ? 0 : Number(right - left) + 1
  budget.step(count)
  return Array.from({ length: count }, (_, at) => left + BigInt(at))
}

export function binary(operator: string, operands: [Value, Value], budget: Budget): Value {
  const [left, right] = operands
  switch (operator) {
    case '==':
      return isEqual(left, right, budget)
    case '!=':
      return !isEqual(left, right, budget)
    case '<':
      return order(operator, left, right) < 0
    case '>':
      return order(operator, left, right) > 0
    case '<=':
      return order(operator, left, right) <= 0
    case '>=':
      return order(operator, left, right) >= 0
    case 'in':
      return isIn(left, right, budget)
    case 'contains':
      return includes(...texts(operator, left, right))
    case 'startsWith':
      return texts(operator, left, right)[0].startsWith(right as string)
    case 'endsWith':
      return texts(operator, left, right)[0].endsWith(right as string)
    case 'matches': {
      const [text, source] = texts(operator, left, right)
      return new Pattern(source).test(text, (steps) => budget.step(steps))
    }
    case '..':
      return rangeOf(left, right, budget)
    default: {
      const result = arithmetic(operator, left, right)
      if (typeof result === 'string') budget.text(result.length)
      return result
    }
  }
}

function includes(text: string, part: string): boolean {
  return text.includes(part)
}
