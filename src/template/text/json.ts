/** Values as JSON, as Go writes it: keys in order, `<`, `>` and `&` escaped unless they shall stay. */
import type { Budget } from '../budget.ts'
import { GoDuration, GoTime } from '../time/go-time.ts'
import { isDict, sortedKeys, TemplateFunction, type Value } from '../value.ts'
import { wellFormed } from './escape.ts'
import { formatFloat } from './float.ts'

export interface JsonOptions {
  budget: Budget
  /** One level of indentation; empty for one line. */
  indent?: string
  escapeHtml?: boolean
}

export function toJson(value: Value, options: JsonOptions): string {
  const text = written(value, options, '')
  options.budget.text(text.length)
  return text
}

function written(value: Value, options: JsonOptions, margin: string): string {
  const { budget } = options
  budget.step()
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return jsonString(value, options.escapeHtml !== false)
  if (typeof value === 'number') return jsonNumberText(value)
  if (value instanceof GoTime) return JSON.stringify(value.toJSON())
  if (value instanceof GoDuration) return String(value.nanoseconds)
  if (value instanceof TemplateFunction) throw new Error('json: unsupported type: func')
  if (Array.isArray(value)) {
    const elements = budget.nested(() => value.map((element) => written(element, options, inner(margin, options))))
    return bracketed('[]', elements, { margin, options })
  }
  if (!isDict(value)) return typeof value === 'object' ? jsonString(String(value), true) : String(value)
  const colon = options.indent ? ': ' : ':'
  const entries = budget.nested(() =>
    sortedKeys(value).map((key) => {
      const name = jsonString(key, options.escapeHtml !== false)
      return name + colon + written(value[key], options, inner(margin, options))
    }),
  )
  return bracketed('{}', entries, { margin, options })
}

function inner(margin: string, { indent = '' }: JsonOptions): string {
  return margin + indent
}

function bracketed(brackets: string, parts: string[], where: { margin: string; options: JsonOptions }): string {
  const [open, close] = brackets
  if (!where.options.indent || parts.length === 0) return `${open}${parts.join(',')}${close}`
  const margin = inner(where.margin, where.options)
  where.options.budget.text(parts.length * margin.length)
  return `${open}\n${parts.map((part) => margin + part).join(',\n')}\n${where.margin}${close}`
}

function jsonString(text: string, html: boolean): string {
  const escaped = JSON.stringify(wellFormed(text)).replace(/[\u2028\u2029\u007f]/g, (char) =>
    char === '\u007f' ? char : `\\u${char.charCodeAt(0).toString(16)}`,
  )
  if (!html) return escaped
  return escaped.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
}

export function jsonNumberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`json: unsupported value: ${formatFloat(value, 'g', -1)}`)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) return formatFloat(value, 'e', -1).replace(/e-0(\d)$/, 'e-$1')
  return formatFloat(value, 'f', -1)
}
