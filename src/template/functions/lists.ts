/** sprig's functions for lists. None of them changes the list it is given. */
import type { Budget } from '../budget.ts'
import { isTrue, kindOf, type TemplateFunction, templateFunction, type Value } from '../value.ts'
import { deepEqual } from './deep-equal.ts'
import { toInt } from './numbers.ts'

function listed(value: Value, doing: string): Value[] {
  if (Array.isArray(value)) return value
  throw new Error(`Cannot ${doing} type ${kindOf(value)}: a list is needed`)
}

/** Under its name, and with `must` before it. */
function both(name: string, made: TemplateFunction): Record<string, TemplateFunction> {
  return { [name]: made, [`must${name[0]?.toUpperCase()}${name.slice(1)}`]: made }
}

function simple(name: string, work: (list: Value[]) => Value): Record<string, TemplateFunction> {
  return both(
    name,
    templateFunction(['budget', 'any'], (budget: Budget, value: Value) => {
      const list = listed(value, `take the ${name} of`)
      budget.step(list.length)
      return work(list)
    }),
  )
}

function among(list: Value[], wanted: Value, budget: Budget): boolean {
  return list.some((element) => deepEqual(element, wanted, budget))
}

function chunks(budget: Budget, size: bigint, value: Value): Value[][] {
  const list = listed(value, 'chunk')
  if (size < 1n) throw new Error('the size of chunks must be at least 1')
  budget.step(list.length)
  const result: Value[][] = []
  for (let at = 0; at < list.length; at += Number(size)) result.push(list.slice(at, at + Number(size)))
  return list.length === 0 ? [[]] : result
}

function slice(value: Value, ...indices: Value[]): Value {
  const list = listed(value, 'slice')
  if (list.length === 0) return null
  const start = Number(toInt(indices[0]))
  const end = indices.length < 2 ? list.length : Number(toInt(indices[1]))
  if (start < 0 || end > list.length || start > end) throw new Error(`slice bounds out of range [${start}:${end}]`)
  return list.slice(start, end)
}

const push = templateFunction(['budget', 'any', 'any'], (budget: Budget, value: Value, added: Value) => {
  const list = listed(value, 'push on')
  budget.step(list.length)
  return [...list, added]
})
const list = templateFunction(['...any'], (...values: Value[]) => values)

export const listFunctions: Record<string, TemplateFunction> = {
  list,
  tuple: list,
  ...both('append', push),
  ...both('push', push),
  ...both(
    'prepend',
    templateFunction(['budget', 'any', 'any'], (budget: Budget, value: Value, added: Value) => {
      const rest = listed(value, 'prepend to')
      budget.step(rest.length)
      return [added, ...rest]
    }),
  ),
  ...simple('first', (values) => values[0] ?? null),
  ...simple('last', (values) => values.at(-1) ?? null),
  ...simple('rest', (values) => (values.length === 0 ? null : values.slice(1))),
  ...simple('initial', (values) => (values.length === 0 ? null : values.slice(0, -1))),
  ...simple('reverse', (values) => values.toReversed()),
  ...simple('compact', (values) => values.filter(isTrue)),
  ...both(
    'uniq',
    templateFunction(['budget', 'any'], (budget: Budget, value: Value) => {
      const found: Value[] = []
      for (const element of listed(value, 'find the different ones of')) {
        if (!among(found, element, budget)) found.push(element)
      }
      return found
    }),
  ),
  ...both(
    'without',
    templateFunction(['budget', 'any', '...any'], (budget: Budget, value: Value, ...omitted: Value[]) =>
      listed(value, 'leave something out of').filter((element) => !among(omitted, element, budget)),
    ),
  ),
  ...both(
    'has',
    templateFunction(['budget', 'any', 'any'], (budget: Budget, wanted: Value, value: Value) =>
      value === null ? false : among(listed(value, 'search'), wanted, budget),
    ),
  ),
  ...both('slice', templateFunction(['any', '...any'], slice)),
  ...both('chunk', templateFunction(['budget', 'int', 'any'], chunks)),
  concat: templateFunction(['budget', '...any'], (budget: Budget, ...lists: Value[]) => {
    const all = lists.map((value) => listed(value, 'concat'))
    for (const { length } of all) budget.step(length)
    return all.flat()
  }),
}
