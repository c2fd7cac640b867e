/** Values as YAML, as Kubernetes writes it: keys in order, lists as deep as what they belong to. */
import type { Budget } from '../budget.ts'
import { formatFloat } from '../text/float.ts'
import { jsonNumberText } from '../text/json.ts'
import { type Dict, isDict, Native, TemplateFunction, type Value } from '../value.ts'
import { keysInOrder } from './key-order.ts'
import { scalarText } from './scalar-text.ts'

export function toYaml(value: Value, budget: Budget): string {
  const text = written(value, { budget, margin: 0 })
  budget.text(text.length)
  return text
}

interface Place {
  budget: Budget
  margin: number
}

function written(value: Value, place: Place): string {
  const { budget } = place
  budget.step()
  if (Array.isArray(value) && value.length > 0) return budget.nested(() => list(value, place))
  if (isDict(value) && Object.keys(value).length > 0) return budget.nested(() => dict(value, place))
  return leaf(value, place)
}

function leaf(value: Value, place: Place): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return '[]'
  if (value instanceof TemplateFunction) throw new Error('a function has no YAML')
  if (value instanceof Native) return scalarText(value.toString(), place.margin)
  if (typeof value === 'object') return '{}'
  if (typeof value === 'string') return scalarText(value, place.margin)
  return typeof value === 'number' ? numberText(value) : String(value)
}

/** Through JSON, where large whole numbers have no exponent, and back. */
function numberText(value: number): string {
  const json = jsonNumberText(value)
  if (/^-?\d+$/.test(json) && Number(json) < 2 ** 64 && Number(json) >= -(2 ** 63)) return json
  return formatFloat(value, 'g', -1)
}

function list(values: Value[], { budget, margin }: Place): string {
  const pad = ' '.repeat(margin)
  budget.text(values.length * margin)
  return values.map((value) => `- ${written(value, { budget, margin: margin + 2 })}`).join(`\n${pad}`)
}

function dict(value: Dict, { budget, margin }: Place): string {
  const pad = ' '.repeat(margin)
  const keys = keysInOrder(value)
  budget.text(keys.length * margin)
  return keys.map((key) => keyText(key, margin) + entryText(value[key], { budget, margin })).join(`\n${pad}`)
}

/** A key of several lines, or a very long one, is announced by a question mark. */
function keyText(key: string, margin: number): string {
  const text = scalarText(key, margin + 2)
  return key.includes('\n') || text.length > 128 ? `? ${text}\n${' '.repeat(margin)}:` : `${text}:`
}

function entryText(value: Value, place: Place): string {
  const { budget, margin } = place
  const pad = ' '.repeat(margin)
  if (Array.isArray(value) && value.length > 0) return `\n${pad}${written(value, place)}`
  if (isDict(value) && Object.keys(value).length > 0) {
    return `\n${pad}  ${written(value, { budget, margin: margin + 2 })}`
  }
  return ` ${leaf(value, { budget, margin: margin + 2 })}`
}
