/** The part of Go's templates that links are made of: `{{ .app.metadata.name }}` and `{{ index .app.metadata.labels "a/b" }}`. */
import { type LinkData, LinkError, member } from './link-value.ts'

/** Throws LinkError for what it does not know. */
export function fillTemplate(template: string, data: LinkData): string {
  const [first = '', ...rest] = template.split('{{')
  let text = first
  for (const part of rest) {
    const end = part.indexOf('}}')
    if (end < 0) throw new LinkError('"{{" is not closed by "}}"')
    const action = part.slice(0, end)
    const isTrimmedBefore = action.startsWith('- ')
    const isTrimmedAfter = action.endsWith(' -')
    if (isTrimmedBefore) text = text.trimEnd()
    const inner = action.slice(isTrimmedBefore ? 2 : 0, isTrimmedAfter ? -2 : undefined)
    const after = part.slice(end + 2)
    text += asText(evaluate(inner.trim(), data), inner.trim()) + (isTrimmedAfter ? after.trimStart() : after)
  }
  return text
}

const token = /\s*(?:(\.[A-Za-z_][\w.]*|\.)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\d+)|([A-Za-z_]\w*)|(\S))/y

type Word =
  | { kind: 'path'; path: string }
  | { kind: 'literal'; value: string | number }
  | { kind: 'name'; name: string }

function evaluate(action: string, data: LinkData): unknown {
  const [first, ...rest] = wordsOf(action)
  const usesIndex = first?.kind === 'name' && first.name === 'index'
  const [subject, ...keys] = usesIndex ? rest : [first]
  if (!subject || subject.kind === 'name' || (!usesIndex && rest.length > 0))
    throw new LinkError(`{{${action}}} is not supported: use a path such as .app.metadata.name, or index with keys`)
  let value = subject.kind === 'path' ? valueAt(subject.path, data) : subject.value
  for (const key of keys) {
    if (key?.kind !== 'literal') throw new LinkError(`{{${action}}} is not supported: give the keys of index in quotes`)
    value = member(value, key.value, subject.kind === 'path' ? subject.path : action)
  }
  return value
}

function wordsOf(action: string): Word[] {
  const words: Word[] = []
  token.lastIndex = 0
  for (let match = token.exec(action); match; match = token.exec(action)) {
    const [, path, quoted, raw, digits, name] = match
    if (path !== undefined) words.push({ kind: 'path', path })
    else if (quoted !== undefined) words.push({ kind: 'literal', value: quoted.replace(/\\(.)/g, '$1') })
    else if (raw !== undefined) words.push({ kind: 'literal', value: raw })
    else if (digits !== undefined) words.push({ kind: 'literal', value: Number(digits) })
    else words.push({ kind: 'name', name: name ?? match[0].trim() })
  }
  return words
}

function valueAt(path: string, data: LinkData): unknown {
  let value: unknown = data
  let done = ''
  for (const key of path.split('.').slice(1)) {
    if (key === '') throw new LinkError(`${path} is no path`)
    value = member(value, key, done || '.')
    done += `.${key}`
  }
  return value
}

/** Go writes `<no value>` for what is missing; an address is better off without. */
function asText(value: unknown, action: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') throw new LinkError(`{{${action}}} is no text, but a list or an object`)
  return String(value)
}
