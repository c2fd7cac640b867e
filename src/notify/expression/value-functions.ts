/** The functions of expressions for values of any kind, and for maps. */
import { type Budget, deepCopy, isDict, toJson, type Value } from '../../template/index.ts'
import { asText, type Builtin, counted, text } from './arguments.ts'
import { nameOf } from './operators.ts'
import { ExpressionError } from './tokens.ts'

function length(value: Value): bigint {
  if (typeof value === 'string') return BigInt([...value].length)
  if (Array.isArray(value)) return BigInt(value.length)
  if (isDict(value)) return BigInt(Object.keys(value).length)
  throw new ExpressionError(`${nameOf(value)} has no length`)
}

const typeNames: Record<string, string> = { boolean: 'bool', time: 'time.Time', duration: 'time.Duration' }

function typeOf(value: Value): string {
  const name = nameOf(value)
  return typeNames[name] ?? name
}

/** A value may hold the same one many times over; what would be written is counted before it is. */
function json(value: Value, budget: Budget): string {
  asText(value, budget)
  return toJson(value, { budget, indent: '  ' })
}

function fromJson(source: string, budget: Budget): Value {
  budget.step(Math.ceil(source.length / 8))
  try {
    return deepCopy(JSON.parse(source), budget)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ExpressionError(`the text is no JSON: ${error.message}`)
    throw error
  }
}

function fromBase64(source: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(source.replace(/[\r\n]/g, ''))) {
    throw new ExpressionError('the text is no base64')
  }
  return Buffer.from(source, 'base64').toString('utf8')
}

function entriesOf(value: Value, budget: Budget): [string, Value][] {
  const entries = isDict(value) ? Object.entries(value) : []
  budget.step(entries.length)
  return entries
}

export const valueFunctions: Record<string, Builtin> = {
  len: ([value]) => length(value),
  type: ([value]) => typeOf(value),
  string: ([value], { budget }) => (typeof value === 'string' ? value : asText(value, budget)),
  get: ([value, key]) => {
    if (isDict(value)) return Object.hasOwn(value, String(key)) ? value[String(key)] : null
    return Array.isArray(value) && typeof key === 'bigint' ? (value.at(Number(key)) ?? null) : null
  },
  keys: ([value], { budget }) => entriesOf(value, budget).map(([key]) => key),
  values: ([value], { budget }) => entriesOf(value, budget).map(([, element]) => element),
  toPairs: ([value], { budget }) => entriesOf(value, budget),
  fromPairs: ([pairs], { budget }) =>
    Object.fromEntries(
      counted(pairs, budget).map((pair) => {
        if (!Array.isArray(pair) || pair.length !== 2) throw new ExpressionError('a pair is an array of key and value')
        return [asText(pair[0], budget), pair[1]]
      }),
    ),
  toJSON: ([value], { budget }) => json(value, budget),
  fromJSON: ([value], { budget }) => fromJson(text(value), budget),
  toBase64: ([value], { budget }) => {
    budget.text(text(value).length * 2)
    return Buffer.from(text(value)).toString('base64')
  },
  fromBase64: ([value], { budget }) => {
    budget.text(text(value).length)
    return fromBase64(text(value))
  },
}
