/** sprig's functions that choose, ask and refuse. */
import type { Budget } from '../budget.ts'
import { isTrue, kindOf, Native, type TemplateFunction, templateFunction, typeName, type Value } from '../value.ts'
import { deepEqual } from './deep-equal.ts'

function goKind(value: Value): string {
  if (value instanceof Native) return value.typeName === 'time.Duration' ? 'int64' : 'struct'
  return kindOf(value)
}

export const choiceFunctions: Record<string, TemplateFunction> = {
  default: templateFunction(['any', '...any'], (fallback: Value, ...given: Value[]) =>
    isTrue(given[0]) ? given[0] : fallback,
  ),
  empty: templateFunction(['any'], (value: Value) => !isTrue(value)),
  coalesce: templateFunction(['...any'], (...values: Value[]) => values.find(isTrue) ?? null),
  all: templateFunction(['...any'], (...values: Value[]) => values.every(isTrue)),
  any: templateFunction(['...any'], (...values: Value[]) => values.some(isTrue)),
  ternary: templateFunction(['any', 'any', 'bool'], (yes: Value, no: Value, condition: boolean) =>
    condition ? yes : no,
  ),
  fail: templateFunction(['string'], (message: string) => {
    throw new Error(message)
  }),
  typeOf: templateFunction(['any'], typeName),
  typeIs: templateFunction(['string', 'any'], (name: string, value: Value) => typeName(value) === name),
  typeIsLike: templateFunction(['string', 'any'], (name: string, value: Value) =>
    [name, `*${name}`].includes(typeName(value)),
  ),
  kindOf: templateFunction(['any'], goKind),
  kindIs: templateFunction(['string', 'any'], (name: string, value: Value) => goKind(value) === name),
  deepEqual: templateFunction(['budget', 'any', 'any'], (budget: Budget, a: Value, b: Value) =>
    deepEqual(a, b, budget),
  ),
}
