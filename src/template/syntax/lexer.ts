/** Text → tokens: plain text, and the words between delimiters. */
import { located, TemplateError } from '../template-error.ts'

export type TokenType =
  | 'text'
  | 'left'
  | 'right'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'number'
  | 'char'
  | 'string'
  | 'bool'
  | 'nil'
  | 'keyword'
  | 'punctuation'
  | 'end of text'

export interface Token {
  type: TokenType
  text: string
  at: number
  /** Whether blanks stand before it. */
  apart: boolean
}

export interface LexerOptions {
  name: string
  left: string
  right: string
}

const keywords = new Set(['break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with', 'block'])
const wordTypes = new Set<TokenType>(['variable', 'field', 'keyword', 'bool', 'nil', 'identifier'])
const blank = /[ \t\r\n]/
const wordPattern = /[\p{L}\p{Nd}_]+/uy
// What stands behind a sign decides whether it is one: `-` alone is no token.
const numberPattern =
  /[+-]?(?:0[xX][\da-fA-F_]+(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]+)?|0[bB][01_]+|0[oO][0-7_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?[\d_]+)?)/y

export class Lexer {
  readonly #source: string
  readonly #options: LexerOptions
  readonly #tokens: Token[] = []
  #at = 0

  constructor(source: string, options: LexerOptions) {
    this.#source = source
    this.#options = options
  }

  tokens(): Token[] {
    let trimNext = false
    while (this.#at < this.#source.length) {
      const start = this.#source.indexOf(this.#options.left, this.#at)
      trimNext = this.#text(start === -1 ? this.#source.length : start, trimNext)
      if (start !== -1) trimNext = this.#action()
    }
    this.#push('end of text', '', this.#at)
    return this.#tokens
  }

  /** The text up to `end`; blanks go where a trim marker stands before or behind it. */
  #text(end: number, trimStart: boolean): boolean {
    const start = this.#at
    let text = this.#source.slice(start, end)
    const skipped = trimStart ? text.length - text.replace(/^[ \t\r\n]+/, '').length : 0
    text = text.slice(skipped)
    const behind = end + this.#options.left.length
    if (this.#source[behind] === '-' && blank.test(this.#source[behind + 1] ?? '')) text = withoutTrailingBlanks(text)
    if (text !== '') this.#push('text', text, start + skipped)
    this.#at = end
    return false
  }

  /** From the left delimiter to the right one. True when the blanks behind it go. */
  #action(): boolean {
    const { left, right } = this.#options
    const begin = this.#at
    this.#at += left.length
    if (this.#source[this.#at] === '-' && blank.test(this.#source[this.#at + 1] ?? '')) this.#at += 2
    if (this.#source.startsWith('/*', this.#at)) return this.#comment()
    this.#push('left', left, begin)
    for (;;) {
      const before = this.#at
      while (blank.test(this.#source[this.#at] ?? '')) this.#at += 1
      const apart = this.#at > before
      if (this.#at >= this.#source.length) throw this.#error('unclosed action', begin)
      if (apart && this.#source[this.#at] === '-' && this.#source.startsWith(right, this.#at + 1)) {
        this.#push('right', right, this.#at)
        this.#at += 1 + right.length
        return true
      }
      if (this.#source.startsWith(right, this.#at)) {
        this.#push('right', right, this.#at)
        this.#at += right.length
        return false
      }
      this.#word(apart)
    }
  }

  #comment(): boolean {
    const { right } = this.#options
    const end = this.#source.indexOf('*/', this.#at + 2)
    if (end === -1) throw this.#error('unclosed comment', this.#at)
    this.#at = end + 2
    const trims = blank.test(this.#source[this.#at] ?? '') && this.#source.startsWith(`-${right}`, this.#at + 1)
    if (trims) this.#at += 2
    if (!this.#source.startsWith(right, this.#at)) throw this.#error('comment ends before closing delimiter', this.#at)
    this.#at += right.length
    return trims
  }

  #word(apart: boolean): void {
    const { type, text } = this.#wordHere()
    if (wordTypes.has(type)) this.#checkEnd(text)
    this.#push(type, text, this.#at, apart)
    this.#at += text.length
  }

  #wordHere(): { type: TokenType; text: string } {
    const at = this.#at
    const char = this.#source[at] ?? ''
    const next = this.#source[at + 1] ?? ''
    if (char === '"') return { type: 'string', text: this.#quoted('"') }
    if (char === '`') return { type: 'string', text: this.#raw() }
    if (char === "'") return { type: 'char', text: this.#quoted("'") }
    if (char === '$') return { type: 'variable', text: `$${this.#letters(at + 1)}` }
    if (char === '.' && !/\d/.test(next)) {
      const name = this.#letters(at + 1)
      return { type: name === '' ? 'dot' : 'field', text: `.${name}` }
    }
    if (/[\d.+-]/.test(char)) return { type: 'number', text: this.#number() }
    if (char === ':' && next === '=') return { type: 'punctuation', text: ':=' }
    if ('|(),='.includes(char)) return { type: 'punctuation', text: char }
    const text = this.#letters(at)
    if (text === '') throw this.#error(`unrecognized character in action: ${JSON.stringify(char)}`, at)
    if (keywords.has(text)) return { type: 'keyword', text }
    if (text === 'true' || text === 'false') return { type: 'bool', text }
    return { type: text === 'nil' ? 'nil' : 'identifier', text }
  }

  #letters(at: number): string {
    wordPattern.lastIndex = at
    return wordPattern.exec(this.#source)?.[0] ?? ''
  }

  /** A word ends where one of a few characters stands. */
  #checkEnd(text: string): void {
    const end = this.#at + text.length
    const behind = this.#source[end]
    const ends = behind === undefined || /[ \t\r\n.,|:()=]/.test(behind)
    if (!ends && !this.#source.startsWith(this.#options.right, end)) {
      throw this.#error(`bad character ${JSON.stringify(behind)} behind ${text}`, end)
    }
  }

  #number(): string {
    numberPattern.lastIndex = this.#at
    const text = numberPattern.exec(this.#source)?.[0] ?? ''
    const behind = this.#letters(this.#at + text.length)
    if (!/\d/.test(text) || behind !== '') throw this.#error(`bad number syntax: "${text}${behind}"`, this.#at)
    return text
  }

  #quoted(quote: string): string {
    const { right } = this.#options
    for (let at = this.#at + 1; at < this.#source.length; at += 1) {
      const char = this.#source[at]
      if (char === '\n') break
      if (char === '\\') at += 1
      else if (char === quote) return this.#source.slice(this.#at, at + 1)
    }
    throw this.#error(
      `unterminated ${quote === '"' ? 'quoted string' : 'character constant'} before ${right}`,
      this.#at,
    )
  }

  #raw(): string {
    const end = this.#source.indexOf('`', this.#at + 1)
    if (end === -1) throw this.#error('unterminated raw quoted string', this.#at)
    return this.#source.slice(this.#at, end + 1)
  }

  #push(type: TokenType, text: string, at: number, apart = false): void {
    this.#tokens.push({ type, text, at, apart })
  }

  #error(message: string, offset: number): TemplateError {
    return new TemplateError(`${located(this.#source, { name: this.#options.name, offset })}: ${message}`)
  }
}

/** By hand: a pattern for it takes quadratic time. */
function withoutTrailingBlanks(text: string): string {
  let end = text.length
  while (end > 0 && blank.test(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}
