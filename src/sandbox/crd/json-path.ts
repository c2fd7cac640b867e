/** The part of kubectl's JSONPath that printer columns and selectable fields use. */
import type { Json } from '../object.ts'
import { isMap } from './schema.ts'

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'filter'; path: Step[]; operator?: string; value?: Json }

export type JsonPath = Step[]

const token =
  /\.\*|\.((?:\\.|[^.[\\])+)|\[(-?\d+)\]|\[\*\]|\['((?:\\.|[^'])*)'\]|\["((?:\\.|[^"])*)"\]|\[\?\(\s*@(.*?)\s*\)\]/y

/** Reads a path such as `.status.conditions[?(@.type=="Ready")].status`; undefined when it is none of the known forms. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: JsonPath = []
  let position = text.startsWith('$') ? 1 : 0
  while (position < text.length) {
    token.lastIndex = position
    const match = token.exec(text)
    const step = match && stepOf(match)
    if (!match || !step) return text === '.' ? [] : undefined
    steps.push(step)
    position += match[0].length
  }
  return steps
}

function stepOf(match: RegExpExecArray): Step | undefined {
  const [whole, name, index, single, double, filter] = match
  if (whole === '.*' || whole === '[*]') return { kind: 'all' }
  if (index !== undefined) return { kind: 'index', index: Number(index) }
  if (filter !== undefined) return filterOf(filter)
  return { kind: 'field', name: (name ?? single ?? double ?? '').replace(/\\(.)/g, '$1') }
}

function filterOf(text: string): Step | undefined {
  const [, path = '', operator, literal = ''] = /^(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*))?$/s.exec(text) ?? []
  const steps = parseJsonPath(path)
  if (!steps) return undefined
  return operator
    ? { kind: 'filter', path: steps, operator, value: literalOf(literal) }
    : { kind: 'filter', path: steps }
}

function literalOf(text: string): Json {
  const quoted = /^(["'])(.*)\1$/s.exec(text)
  if (quoted) return quoted[2] ?? ''
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

/** All values at the path; none where a field is missing. */
export function valuesAt(value: Json | undefined, path: JsonPath): Json[] {
  const start = value === undefined ? [] : [value]
  return path.reduce<Json[]>((values, step) => values.flatMap((item) => follow(item, step)), start)
}

function follow(value: Json, step: Step): Json[] {
  switch (step.kind) {
    case 'field':
      return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : []
    case 'index': {
      const item = Array.isArray(value) ? value.at(step.index) : undefined
      return item === undefined ? [] : [item]
    }
    case 'all':
      return children(value)
    case 'filter':
      return children(value).filter((item) => keeps(item, step))
  }
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value
  return isMap(value) ? Object.values(value) : []
}

function keeps(item: Json, step: Step & { kind: 'filter' }): boolean {
  const [found] = valuesAt(item, step.path)
  const wanted = step.value ?? null
  if (step.operator === undefined) return found !== undefined
  if (found === undefined || found === null || wanted === null) return false
  switch (step.operator) {
    case '==':
      return found === wanted
    case '!=':
      return found !== wanted
    case '<':
      return found < wanted
    case '<=':
      return found <= wanted
    case '>':
      return found > wanted
    default:
      return found >= wanted
  }
}
