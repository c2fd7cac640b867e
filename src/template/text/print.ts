/** Values as text, as Go's `print` and `println` write them. */
import { Budget, defaultLimits } from '../budget.ts'
import { type Dict, isDict, sortedKeys, TemplateFunction, type Value } from '../value.ts'
import { shortestFloat } from './float.ts'

/** `%v`: `[a b]` for lists, `map[a:1 b:2]` for dicts in the order of their keys. */
export function textOf(value: Value, budget: Budget): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return shortestFloat(value)
  if (value === undefined || value === null) return '<nil>'
  if (value instanceof TemplateFunction) return '<function>'
  const text = Array.isArray(value) || isDict(value) ? composite(value, budget) : String(value)
  budget.text(text.length)
  return text
}

/** The same outside of a rendering. */
export function plainText(value: Value): string {
  return textOf(value, new Budget(defaultLimits))
}

function composite(value: Value[] | Dict, budget: Budget): string {
  return budget.nested(() => {
    if (Array.isArray(value)) {
      budget.step(value.length)
      return `[${value.map((element) => textOf(element, budget)).join(' ')}]`
    }
    const keys = sortedKeys(value)
    budget.step(keys.length)
    return `map[${keys.map((key) => `${key}:${textOf(value[key], budget)}`).join(' ')}]`
  })
}

/** Blanks stand between operands when neither is a string. */
export function print(values: Value[], budget: Budget): string {
  let result = ''
  for (const [index, value] of values.entries()) {
    if (index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string') result += ' '
    result += textOf(value, budget)
  }
  budget.text(result.length)
  return result
}

export function println(values: Value[], budget: Budget): string {
  const text = `${values.map((value) => textOf(value, budget)).join(' ')}\n`
  budget.text(text.length)
  return text
}
