/** Calls a function with what a template gave it: the number and kinds of arguments are checked as Go checks them. */
import type { Budget } from '../budget.ts'
import { TemplateError } from '../template-error.ts'
import { type GoTime, isTime } from '../time/go-time.ts'
import { isDict, type Parameter, type TemplateFunction, typeName, type Value } from '../value.ts'

export interface CallContext {
  budget: Budget
  now(): GoTime
}

const provided = new Set<Parameter>(['budget', 'now'])

export function callFunction(
  called: { name: string; function: TemplateFunction },
  args: Value[],
  context: CallContext,
): Value {
  const { parameters, rest, implementation } = called.function
  const wanted = parameters.filter((parameter) => !provided.has(parameter)).length
  if (args.length < wanted || (args.length > wanted && rest === undefined)) {
    const atLeast = rest === undefined ? '' : 'at least '
    throw new TemplateError(`wrong number of args for ${called.name}: want ${atLeast}${wanted} got ${args.length}`)
  }
  const given = args.values()
  const values = parameters.map((parameter) => {
    if (parameter === 'budget') return context.budget
    if (parameter === 'now') return context.now
    return converted(given.next().value, parameter)
  })
  for (const value of given) values.push(converted(value, rest ?? 'any'))
  // Whatever is done with a text takes time with its length.
  for (const value of args) if (typeof value === 'string') context.budget.step(value.length >> 6)
  try {
    return implementation(...values)
  } catch (error) {
    if (error instanceof TemplateError && error.isLimit) throw error
    // Not an error but a question to whoever renders: it goes up as it is.
    if (!(error instanceof Error) || error.name === 'MissingFact') throw error
    if (error instanceof RangeError && /call stack/.test(error.message)) throw error
    throw new TemplateError(`error calling ${called.name}: ${error.message}`, { cause: error })
  }
}

const names: Record<string, string> = {
  dict: 'map[string]interface {}',
  list: '[]interface {}',
  time: 'time.Time',
}

function converted(value: Value, parameter: Parameter): Value {
  switch (parameter) {
    case 'any':
      return value === undefined ? null : value
    case 'strict':
      return value
    case 'int':
      if (typeof value === 'bigint') return value
      break
    case 'float64':
      if (typeof value === 'number') return value
      if (typeof value === 'bigint') return Number(value)
      break
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'bool':
      if (typeof value === 'boolean') return value
      break
    case 'dict':
      if (isDict(value)) return value
      if (value === undefined) return {}
      break
    case 'list':
      if (Array.isArray(value)) return value
      if (value === undefined) return []
      break
    case 'time':
      if (isTime(value)) return value
      break
  }
  const expected = names[parameter] ?? parameter
  if (value === undefined) throw new TemplateError(`invalid value; expected ${expected}`)
  const got = value === null ? 'interface {}' : typeName(value)
  throw new TemplateError(`wrong type for value; expected ${expected}; got ${got}`)
}
