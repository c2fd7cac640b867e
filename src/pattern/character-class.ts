/**
 * Classes of characters as RE2 writes them: `\d`, `\pL`, `[^a-z\s]`, `[[:alpha:]]`; and escapes of single characters. A class
 * is rewritten into one of JavaScript's, which knows Unicode's properties and what is alike but for case.
 */
import type { Source } from './source.ts'
import type { Accepts } from './tree.ts'

const perlClasses: Record<string, string> = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' }
const posixClasses: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}
const controlEscapes: Record<string, string> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** What stands in a class: one character, or a class within it in JavaScript's words. */
type Item = { character: string } | { set: string }

/** Behind a backslash: `d`, `W`, `pL`, `P{Greek}` as part of a class; undefined when the escape is a single character. */
export function readSet(source: Source): string | undefined {
  const perl = source.match(/[dswDSW]/y)?.[0]
  if (perl !== undefined) {
    const characters = perlClasses[perl.toLowerCase()] ?? ''
    return perl === perl.toLowerCase() ? characters : `[^${characters}]`
  }
  if (!/^[pP]$/.test(source.next)) return undefined
  const [, letter, not, long, short] = source.match(/([pP])(?:\{(\^?)(\w+)\}|(\w))/y) ?? []
  const name = long ?? short
  if (name === undefined) throw new Error('invalid character class range')
  const negated = (letter === 'P') !== (not === '^')
  // A general category, or a script.
  for (const property of [name, `Script=${name}`]) {
    if (isProperty(property)) return `\\${negated ? 'P' : 'p'}{${property}}`
  }
  throw new Error(`invalid character class range \\p{${name}}`)
}

/** Behind a backslash. */
export function readEscape(source: Source): string {
  const coded = source.match(/x([\da-fA-F]{2})|x\{([\da-fA-F]{1,8})\}|([1-7][0-7]{1,2}|0[0-7]{0,2})/y)
  if (coded) {
    const [, short, long, octal] = coded
    const code = octal === undefined ? Number.parseInt(short ?? long ?? '0', 16) : Number.parseInt(octal, 8)
    if (code > 0x10ffff) throw new Error('invalid escape sequence')
    return String.fromCodePoint(code)
  }
  const character = source.take()
  const control = controlEscapes[character]
  if (control !== undefined) return control
  if (!/^[!-/:-@[-`{-~]$/.test(character)) throw new Error(`invalid escape sequence \\${character}`)
  return character
}

/** Behind the opening bracket, up to the closing one. */
export function readClass(source: Source): string {
  const negated = source.accept('^')
  let text = ''
  do {
    if (source.isAtEnd) throw new Error('missing closing ]')
    text += readPart(source)
  } while (!source.accept(']'))
  return `[${negated ? '^' : ''}${text}]`
}

function readPart(source: Source): string {
  const named = source.match(/\[:(\^?)(\w+):\]/y)
  if (named) {
    const [whole, not, name = ''] = named
    const characters = Object.hasOwn(posixClasses, name) ? posixClasses[name] : undefined
    if (characters === undefined) throw new Error(`invalid character class range ${whole}`)
    return not ? `[^${characters}]` : characters
  }
  const low = readItem(source)
  if ('set' in low) return low.set
  if (!source.match(/-(?=[^\]])/y)) return escaped(low.character)
  const high = readItem(source)
  if ('set' in high || codeOf(low.character) > codeOf(high.character)) throw new Error('invalid character class range')
  return `${escaped(low.character)}-${escaped(high.character)}`
}

function readItem(source: Source): Item {
  if (!source.accept('\\')) return { character: source.take() }
  const set = readSet(source)
  return set === undefined ? { character: readEscape(source) } : { set }
}

/** Of a class in JavaScript's words. */
export function classAccepts(text: string, ignoreCase: boolean): Accepts {
  const expression = new RegExp(`^${text}$`, ignoreCase ? 'vi' : 'v')
  const known: (boolean | undefined)[] = []
  return (code) => {
    if (code > 127) return expression.test(String.fromCodePoint(code))
    known[code] ??= expression.test(String.fromCodePoint(code))
    return known[code]
  }
}

export function characterAccepts(character: string, ignoreCase: boolean): Accepts {
  if (ignoreCase && character.toLowerCase() !== character.toUpperCase()) {
    return classAccepts(`[${escaped(character)}]`, true)
  }
  const wanted = codeOf(character)
  return (code) => code === wanted
}

/** Properties of single characters only: with `v`, JavaScript knows some of longer texts too. */
function isProperty(name: string): boolean {
  try {
    new RegExp(`\\p{${name}}`, 'u')
    return true
  } catch {
    return false
  }
}

function escaped(character: string): string {
  return `\\u{${codeOf(character).toString(16)}}`
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}
