/** Finds what a Jsonnet text imports. The language admits only literal strings there, so that reading the words is enough. */

export class JsonnetSyntaxError extends Error {}

type Token = { kind: 'word'; text: string } | { kind: 'string'; text: string } | { kind: 'block' } | { kind: 'other' }

export interface JsonnetImport {
  path: string
  /** False for what is imported as text or bytes. */
  isCode: boolean
}

/** Imports in the order in which they stand. Throws a JsonnetSyntaxError for what no Jsonnet program can be. */
export function importsOf(text: string): JsonnetImport[] {
  const found: JsonnetImport[] = []
  let keyword = ''
  for (const token of tokens(text)) {
    if (keyword !== '') {
      if (token.kind !== 'string') throw new JsonnetSyntaxError(`${keyword} must be followed by a path in quotes`)
      found.push({ path: token.text, isCode: keyword === 'import' })
    }
    keyword = token.kind === 'word' && /^import(str|bin)?$/.test(token.text) ? token.text : ''
  }
  return found
}

const patterns = {
  blank: /[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
  word: /[A-Za-z_][A-Za-z0-9_]*/y,
  verbatim: /@"(?:[^"]|"")*"|@'(?:[^']|'')*'/y,
  quoted: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y,
}

function* tokens(text: string): Generator<Token> {
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  while (at < text.length) {
    if (take(patterns.blank) !== undefined) continue
    const word = take(patterns.word)
    if (word !== undefined) {
      yield { kind: 'word', text: word }
      continue
    }
    const verbatim = take(patterns.verbatim)
    if (verbatim !== undefined) {
      const quote = verbatim.charAt(1)
      yield { kind: 'string', text: verbatim.slice(2, -1).replaceAll(quote + quote, quote) }
      continue
    }
    const quoted = take(patterns.quoted)
    if (quoted !== undefined) {
      yield { kind: 'string', text: decodeEscapes(quoted.slice(1, -1)) }
      continue
    }
    if (text.startsWith('|||', at)) {
      at = blockEnd(text, at)
      yield { kind: 'block' }
      continue
    }
    if (/["']/.test(text.charAt(at))) throw new JsonnetSyntaxError('a string is not closed')
    at++
    yield { kind: 'other' }
  }
}

/** A text block ends at the first line that is not indented as its first one is, and that begins with `|||`. */
function blockEnd(text: string, start: number): number {
  const firstLine = text.indexOf('\n', start)
  const indentation = /^(?:[ \t\r]*\n)*([ \t]+)/.exec(text.slice(firstLine + 1))?.[1]
  if (firstLine < 0 || indentation === undefined) throw new JsonnetSyntaxError('a text block is not indented')
  for (let line = firstLine + 1; line > 0 && line < text.length; line = text.indexOf('\n', line) + 1) {
    const end = text.indexOf('\n', line)
    const content = text.slice(line, end < 0 ? text.length : end)
    if (content.startsWith(indentation) || content.trim() === '') {
      if (end < 0) break
      continue
    }
    const close = /^[ \t]*\|\|\|/.exec(content)?.[0]
    if (close === undefined) break
    return line + close.length
  }
  throw new JsonnetSyntaxError('a text block is not closed')
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function decodeEscapes(text: string): string {
  return text.replace(/\\(u([0-9a-fA-F]{4})|[\s\S])/g, (_match, what: string, hex?: string) =>
    hex === undefined ? (escapes[what] ?? what) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
