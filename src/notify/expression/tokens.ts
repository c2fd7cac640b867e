/** Text of an expression → tokens. */

export type TokenType = 'number' | 'string' | 'name' | 'operator' | 'end'

export interface Token {
  type: TokenType
  text: string
  at: number
}

export class ExpressionError extends Error {}

const tokenPattern =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<number>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|(?<name>[$\p{L}_][\p{L}\p{Nd}_$]*)|(?<operator>\?\?|\?\.|\.\.|\*\*|\|\||&&|[=!<>]=|[-+*/%^<>!?:.,()[\]{}|#;=])/uy

const longest = 10_000

export function tokensOf(source: string): Token[] {
  if (source.length > longest) throw new ExpressionError(`an expression has at most ${longest} characters`)
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  for (let at = 0; at < source.length; at = tokenPattern.lastIndex) {
    const match = tokenPattern.exec(source)
    if (!match) throw new ExpressionError(`unexpected ${JSON.stringify(source[at])} at character ${at + 1}`)
    const found = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)
    if (found) tokens.push({ type: found[0] as TokenType, text: found[1] ?? '', at })
  }
  tokens.push({ type: 'end', text: '', at: source.length })
  return tokens
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }

export function stringValue(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1)
  return text.slice(1, -1).replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/g, (_, unicode, hex, simple) => {
    if (simple !== undefined) return escapes[simple] ?? simple
    return String.fromCharCode(Number.parseInt(unicode ?? hex, 16))
  })
}
