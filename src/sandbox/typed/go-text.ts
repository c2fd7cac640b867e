/** Values as Go's fmt prints them, for the error texts that hold them. */
import type { Json } from '../object.ts'

const escapes: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** A string as %q prints it. */
export function goQuote(text: string): string {
  let quoted = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const escaped = escapes[character]
    if (escaped !== undefined) {
      quoted += escaped
    } else if (code < 0x20 || code === 0x7f) {
      quoted += `\\x${code.toString(16).padStart(2, '0')}`
    } else if (code > 0x7f && code < 0xa0) {
      quoted += `\\u${code.toString(16).padStart(4, '0')}`
    } else {
      quoted += character
    }
  }
  return `"${quoted}"`
}

/** A value as %v prints it: map[a:1 b:[x y]]. */
export function goFormat(value: Json | undefined): string {
  if (value === null || value === undefined) {
    return '<nil>'
  }
  if (Array.isArray(value)) {
    return `[${value.map(goFormat).join(' ')}]`
  }
  if (typeof value === 'object') {
    const entries = Object.keys(value).sort()
    return `map[${entries.map((key) => `${key}:${goFormat(value[key])}`).join(' ')}]`
  }
  return String(value)
}

/** A value as %#v prints it where the server shows the value of a field. */
export function goSyntax(value: Json | undefined): string {
  if (value === null || value === undefined) {
    return 'interface {}(nil)'
  }
  if (typeof value === 'string') {
    return goQuote(value)
  }
  if (Array.isArray(value)) {
    return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  }
  if (typeof value === 'object') {
    const entries = Object.keys(value).sort()
    return `map[string]interface {}{${entries.map((key) => `${goQuote(key)}:${goSyntax(value[key])}`).join(', ')}}`
  }
  return String(value)
}
