/** sprig's functions for dicts. `set`, `unset` and the merges change the dict they are given. */
import type { Budget } from '../budget.ts'
import { textOf } from '../text/print.ts'
import {
  type Dict,
  deepCopy,
  dictOf,
  entry,
  isDict,
  isTrue,
  setEntry,
  sortedKeys,
  type TemplateFunction,
  templateFunction,
  type Value,
} from '../value.ts'

function made(budget: Budget, ...values: Value[]): Dict {
  const dict: Dict = {}
  for (let index = 0; index < values.length; index += 2) {
    setEntry(dict, textOf(values[index], budget), index + 1 < values.length ? values[index + 1] : '')
  }
  return dict
}

function pick(dict: Dict, ...keys: string[]): Dict {
  return dictOf(keys.filter((key) => Object.hasOwn(dict, key)).map((key) => [key, dict[key]] as const))
}

function omit(dict: Dict, ...keys: string[]): Dict {
  return dictOf(Object.entries(dict).filter(([key]) => !keys.includes(key)))
}

function dig(...given: Value[]): Value {
  if (given.length < 3) throw new Error('dig needs at least three arguments')
  const fallback = given.at(-2)
  let value = given.at(-1)
  for (const key of given.slice(0, -2)) {
    if (typeof key !== 'string') throw new Error('the keys of dig must be strings')
    if (!isDict(value)) throw new Error(`dig met something that is no dict before ${JSON.stringify(key)}`)
    value = entry(value, key)
    if (value === undefined) return fallback
  }
  return value
}

/** What is there stays, unless it is empty or shall be overwritten; dicts are merged all the way down. */
function merged(target: Dict, source: Dict, options: { overwrite: boolean; budget: Budget }): Dict {
  const { overwrite, budget } = options
  for (const key of Object.keys(source)) {
    budget.step()
    const given = source[key]
    const present = entry(target, key)
    if (isDict(given) && isDict(present)) budget.nested(() => merged(present, given, options))
    else if (overwrite || !isTrue(present)) setEntry(target, key, given)
  }
  return target
}

function merge(overwrite: boolean): TemplateFunction {
  return templateFunction(['budget', 'dict', '...dict'], (budget: Budget, target: Dict, ...sources: Dict[]) => {
    for (const source of sources) merged(target, source, { overwrite, budget })
    return target
  })
}

const copy = templateFunction(['budget', 'any'], (budget: Budget, value: Value) => deepCopy(value, budget))

/** Those that change what they are given. */
export const changingFunctions = new Set(['set', 'unset', 'merge', 'mustMerge', 'mergeOverwrite', 'mustMergeOverwrite'])

export const dictFunctions: Record<string, TemplateFunction> = {
  dict: templateFunction(['budget', '...any'], made),
  get: templateFunction(['dict', 'string'], (dict: Dict, key: string) => {
    const value = entry(dict, key)
    return value === undefined ? '' : value
  }),
  set: templateFunction(['dict', 'string', 'any'], (dict: Dict, key: string, value: Value) => {
    setEntry(dict, key, value)
    return dict
  }),
  unset: templateFunction(['dict', 'string'], (dict: Dict, key: string) => {
    delete dict[key]
    return dict
  }),
  hasKey: templateFunction(['dict', 'string'], (dict: Dict, key: string) => Object.hasOwn(dict, key)),
  pluck: templateFunction(['string', '...dict'], (key: string, ...dicts: Dict[]) =>
    dicts.filter((dict) => Object.hasOwn(dict, key)).map((dict) => dict[key]),
  ),
  // Go gives them in no order; a fixed one is as good and the same each time.
  keys: templateFunction(['...dict'], (...dicts: Dict[]) => dicts.flatMap(sortedKeys)),
  values: templateFunction(['dict'], (dict: Dict) => sortedKeys(dict).map((key) => dict[key])),
  pick: templateFunction(['dict', '...string'], pick),
  omit: templateFunction(['dict', '...string'], omit),
  dig: templateFunction(['...any'], dig),
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  deepCopy: copy,
  mustDeepCopy: copy,
}
