/** Strings between quotes, as Go writes them. */

const shortEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** `%q`. */
export function quoted(text: string, quote = '"'): string {
  let result = quote
  for (const char of text) result += char === quote ? `\\${quote}` : escaped(char)
  return result + quote
}

function escaped(char: string): string {
  const short = shortEscapes[char]
  if (short !== undefined) return short
  if (printable.test(char)) return char
  const point = char.codePointAt(0) ?? 0
  if (point < 0x80) return `\\x${point.toString(16).padStart(2, '0')}`
  return point < 0x10000 ? `\\u${point.toString(16).padStart(4, '0')}` : `\\U${point.toString(16).padStart(8, '0')}`
}
