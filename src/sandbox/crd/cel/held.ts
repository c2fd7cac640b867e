/** has() of a field of anything: the evaluator only knows it of a field of a name. */

/** The end of the parenthesis that opens at `start`, outside of string literals; -1 when there is none. */
function closing(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '"' || character === "'") at = endOfLiteral(text, at)
    else if (character === '(' || character === '[') depth++
    else if ((character === ')' || character === ']') && --depth === 0) return at
  }
  return -1
}

function endOfLiteral(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === text[start]) return at
  }
  return text.length
}

/** `has(list[0].field)` becomes a binding of `list[0]` to a name, of whose field has() is asked. */
export function withHeld(expression: string): string {
  let result = expression
  let count = 0
  for (let from = 0; ; ) {
    const match = /\bhas\s*\(/.exec(result.slice(from))
    if (!match) return result
    const open = from + match.index + match[0].length - 1
    const close = closing(result, open)
    from = open + 1
    const parts = /^(.*\S)\s*\.\s*(\w+)$/s.exec(result.slice(open + 1, Math.max(close, open + 1)).trim())
    if (!parts || /^[\w.\s?]+$/.test(parts[1] ?? '')) continue
    const name = `held${count++}`
    const bound = `cel.bind(${name}, ${parts[1]}, has(${name}.${parts[2]}))`
    result = `${result.slice(0, from - match[0].length)}${bound}${result.slice(close + 1)}`
  }
}
