/** The functions of expressions for strings. */
import type { Value } from '../../template/index.ts'
import { type Builtin, integer, text } from './arguments.ts'
import { ExpressionError } from './tokens.ts'

const ofText =
  (work: (text: string, ...others: string[]) => Value): Builtin =>
  (args) =>
    work(text(args[0]), ...args.slice(1).map(text))

/** Of another length at most by as much as Unicode has it. */
const changed =
  (work: (text: string) => string): Builtin =>
  ([value], { budget }) => {
    budget.text(text(value).length)
    return work(text(value))
  }

/** Go counts bytes. */
function place(value: string, index: number): bigint {
  return BigInt(index < 0 ? -1 : Buffer.byteLength(value.slice(0, index)))
}

function trimmed(value: string, characters: string | undefined): string {
  if (characters === undefined) return value.trim()
  const cut = new Set(characters)
  const points = [...value]
  const first = points.findIndex((point) => !cut.has(point))
  return first < 0 ? '' : points.slice(first, points.findLastIndex((point) => !cut.has(point)) + 1).join('')
}

/** `most` as in Go: below zero as many as there are, the last one has the rest. */
function pieces(value: string, separator: string, most: number): string[] {
  if (most === 0) return []
  const all = separator === '' ? [...value] : value.split(separator)
  if (most < 0 || all.length <= most) return all
  return [...all.slice(0, most - 1), all.slice(most - 1).join(separator)]
}

const splitting =
  (endOf: (separator: string) => string): Builtin =>
  ([value, separator, most], { budget }) => {
    budget.step(text(value).length)
    const parts = pieces(text(value), text(separator), most === undefined ? -1 : Number(integer(most)))
    return parts.map((part, at) => (at < parts.length - 1 ? part + endOf(text(separator)) : part))
  }

export const textFunctions: Record<string, Builtin> = {
  trim: ofText((value, characters) => trimmed(value, characters)),
  trimPrefix: ofText((value, prefix = ' ') => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimSuffix: ofText((value, suffix = ' ') =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  upper: changed((value) => value.toUpperCase()),
  lower: changed((value) => value.toLowerCase()),
  split: splitting(() => ''),
  splitAfter: splitting((separator) => separator),
  hasPrefix: ofText((value, prefix = '') => value.startsWith(prefix)),
  hasSuffix: ofText((value, suffix = '') => value.endsWith(suffix)),
  indexOf: ofText((value, part = '') => place(value, value.indexOf(part))),
  lastIndexOf: ofText((value, part = '') => place(value, value.lastIndexOf(part))),
  replace: ([value, from, to, most], { budget }) => {
    const count = most === undefined ? -1 : Number(integer(most))
    const parts = pieces(text(value), text(from), count < 0 ? -1 : count + 1)
    budget.text(text(value).length + text(to).length * parts.length)
    return parts.join(text(to))
  },
  repeat: ([value, count], { budget }) => {
    const times = Number(integer(count))
    if (times < 0) throw new ExpressionError('a string is not repeated less than no time')
    budget.text(text(value).length * times)
    return text(value).repeat(times)
  },
}
