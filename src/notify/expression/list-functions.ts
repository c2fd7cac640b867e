/** The functions of expressions for lists. */
import type { Budget, Dict, Value } from '../../template/index.ts'
import { asText, type Builtin, counted, float, type Given, integer, list, text } from './arguments.ts'
import { isEqual, order } from './operators.ts'
import { ExpressionError } from './tokens.ts'

type Holds = (element: Value, index: number) => boolean

function holds({ budget, predicate }: Given): Holds {
  return (element, index) => {
    budget.step()
    return predicate(element, index) === true
  }
}

const asking =
  (answer: (values: Value[], holds: Holds) => Value): Builtin =>
  ([values], given) =>
    answer(list(values), holds(given))

function mapped([values]: Value[], { budget, predicate }: Given): Value[] {
  return counted(values, budget).map((element, index) => predicate(element, index))
}

/** Like Go's `sort`, by what each element has: numbers, strings, times and spans. */
function sorted(elements: Value[], by: Value[], { direction, budget }: { direction: Value; budget: Budget }): Value[] {
  const way = direction === undefined ? 'asc' : text(direction)
  if (way !== 'asc' && way !== 'desc') throw new ExpressionError(`the order is asc or desc, not ${JSON.stringify(way)}`)
  const sign = way === 'asc' ? 1 : -1
  return elements
    .map((element, at) => ({ element, rank: by[at] }))
    .sort((a, b) => {
      budget.step()
      return sign * order('<', a.rank, b.rank)
    })
    .map(({ element }) => element)
}

function reduced([values, ...initial]: Value[], { budget, predicate }: Given): Value {
  const elements = counted(values, budget)
  if (elements.length === 0 && initial.length === 0) throw new ExpressionError('an empty array has nothing to reduce')
  const first = initial.length > 0 ? 0 : 1
  let result = initial.length > 0 ? initial[0] : elements[0]
  for (let at = first; at < elements.length; at++) result = predicate(elements[at], at, result)
  return result
}

export function flattened(value: Value, budget: Budget): Value[] {
  return budget.nested(() =>
    counted(value, budget).flatMap((element) => (Array.isArray(element) ? flattened(element, budget) : [element])),
  )
}

function groups(args: Value[], given: Given): Dict {
  const found = new Map<string, Value[]>()
  const keys = mapped(args, given).map((key) => asText(key, given.budget))
  for (const [at, element] of list(args[0]).entries()) {
    const key = keys[at] ?? ''
    const group = found.get(key)
    if (group) group.push(element)
    else found.set(key, [element])
  }
  return Object.fromEntries(found)
}

function distinct(values: Value[], budget: Budget): Value[] {
  const kept: Value[] = []
  for (const value of values) if (!kept.some((other) => isEqual(value, other, budget))) kept.push(value)
  return kept
}

export const listFunctions: Record<string, Builtin> = {
  all: asking((values, holds) => values.every(holds)),
  any: asking((values, holds) => values.some(holds)),
  none: asking((values, holds) => !values.some(holds)),
  one: asking((values, holds) => values.filter(holds).length === 1),
  filter: asking((values, holds) => values.filter(holds)),
  count: asking((values, holds) => BigInt(values.filter(holds).length)),
  find: asking((values, holds) => values.find(holds) ?? null),
  findIndex: asking((values, holds) => BigInt(values.findIndex(holds))),
  findLast: asking((values, holds) => values.findLast(holds) ?? null),
  findLastIndex: asking((values, holds) => BigInt(values.findLastIndex(holds))),
  map: mapped,
  sum(args, given) {
    const numbers = mapped(args, given)
    if (numbers.every((number) => typeof number === 'bigint')) return numbers.reduce((sum, number) => sum + number, 0n)
    return numbers.reduce((sum: number, number) => sum + float(number), 0)
  },
  reduce: reduced,
  groupBy: groups,
  sort: ([values, direction], { budget }) => {
    const elements = counted(values, budget)
    return sorted(elements, elements, { direction, budget })
  },
  sortBy: (args, given) => {
    const by = mapped(args, given)
    return sorted(list(args[0]), by, { direction: args[1], budget: given.budget })
  },
  flatten: ([values], { budget }) => flattened(values, budget),
  concat: (args, { budget }) => args.flatMap((value) => counted(value, budget)),
  uniq: ([values], { budget }) => distinct(list(values), budget),
  first: ([values]) => list(values)[0] ?? null,
  last: ([values]) => list(values).at(-1) ?? null,
  take: ([values, count], { budget }) => counted(values, budget).slice(0, Number(integer(count))),
  reverse: ([values], { budget }) => counted(values, budget).toReversed(),
  join([values, separator], { budget }) {
    const between = separator === undefined ? '' : text(separator)
    const parts = counted(values, budget).map((value) => (typeof value === 'string' ? value : asText(value, budget)))
    budget.text(parts.reduce((length, part) => length + part.length + between.length, 0))
    return parts.join(between)
  },
}
