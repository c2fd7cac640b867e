/** Text of a regular expression in RE2's syntax → its tree. What RE2 has not, such as looking back, is refused. */

export type Assertion = 'text begin' | 'text end' | 'line begin' | 'line end' | 'word boundary' | 'no word boundary'

export type Tree =
  | { type: 'empty' }
  | { type: 'char'; matches(char: string): boolean }
  | { type: 'assertion'; kind: Assertion }
  | { type: 'concat' | 'alternate'; parts: Tree[] }
  | { type: 'group'; of: Tree; index: number }
  | { type: 'repeat'; of: Tree; min: number; max: number; greedy: boolean }

export interface ParsedPattern {
  tree: Tree
  groups: number
  names: Map<string, number>
}

interface Flags {
  ignoreCase: boolean
  multiLine: boolean
  dotAll: boolean
  ungreedy: boolean
}

const mostRepetitions = 1000
const deepest = 200

export function parsePattern(source: string): ParsedPattern {
  const parser = new PatternParser(source)
  const tree = parser.parse()
  return { tree, groups: parser.groups, names: parser.names }
}

const perlClasses: Record<string, string> = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' }
const namedClasses: Record<string, string> = {
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

class PatternParser {
  readonly #chars: string[]
  readonly #source: string
  readonly names = new Map<string, number>()
  groups = 0
  #at = 0
  #depth = 0
  #flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false }

  constructor(source: string) {
    this.#source = source
    this.#chars = [...unquoted(source)]
  }

  parse(): Tree {
    const tree = this.#alternatives()
    if (this.#at < this.#chars.length) throw this.#error('unexpected )')
    return tree
  }

  #alternatives(): Tree {
    this.#depth += 1
    if (this.#depth > deepest) throw this.#error('expression nests too deeply')
    const parts = [this.#sequence()]
    while (this.#accept('|')) parts.push(this.#sequence())
    this.#depth -= 1
    return parts.length === 1 && parts[0] ? parts[0] : { type: 'alternate', parts }
  }

  #sequence(): Tree {
    const parts: Tree[] = []
    while (this.#at < this.#chars.length && !'|)'.includes(this.#char)) {
      const atom = this.#atom()
      if (atom) parts.push(this.#repeated(atom))
    }
    return { type: 'concat', parts }
  }

  get #char(): string {
    return this.#chars[this.#at] ?? ''
  }

  #accept(text: string): boolean {
    if (this.#chars.slice(this.#at, this.#at + text.length).join('') !== text) return false
    this.#at += text.length
    return true
  }

  #repeated(atom: Tree): Tree {
    let tree = atom
    let operators = 0
    for (;;) {
      const bounds = this.#bounds()
      if (!bounds) return tree
      operators += 1
      if (operators > 1) throw this.#error('invalid nested repetition operator')
      const lazy = this.#accept('?')
      tree = { type: 'repeat', of: tree, ...bounds, greedy: lazy === this.#flags.ungreedy }
    }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#accept('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#accept('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#accept('?')) return { min: 0, max: 1 }
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.#chars.slice(this.#at, this.#at + 24).join(''))
    if (!match) return undefined
    const [whole, least, comma, most] = match
    const min = Number(least)
    const max = comma === undefined ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most)
    if (min > mostRepetitions || (Number.isFinite(max) && (max > mostRepetitions || max < min))) {
      throw this.#error(`invalid repeat count ${whole}`)
    }
    this.#at += whole.length
    return { min, max }
  }

  /** Undefined for a group that only sets flags. */
  #atom(): Tree | undefined {
    const char = this.#char
    this.#at += 1
    switch (char) {
      case '.':
        return this.#set(this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]', false)
      case '^':
        return { type: 'assertion', kind: this.#flags.multiLine ? 'line begin' : 'text begin' }
      case '$':
        return { type: 'assertion', kind: this.#flags.multiLine ? 'line end' : 'text end' }
      case '[':
        return this.#set(this.#class(), this.#flags.ignoreCase)
      case '(':
        return this.#group()
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw this.#error(`missing argument to repetition operator ${char}`)
      default:
        return this.#literal(char)
    }
  }

  #group(): Tree | undefined {
    const around = { ...this.#flags }
    const name = this.#groupName()
    if (name === undefined && this.#accept('?')) {
      const ends = this.#readFlags()
      if (ends === ')') return undefined
      const tree = this.#closed()
      this.#flags = around
      return tree
    }
    this.groups += 1
    const index = this.groups
    if (name !== undefined) {
      if (this.names.has(name)) throw this.#error(`duplicate capture group name ${name}`)
      this.names.set(name, index)
    }
    const of = this.#closed()
    this.#flags = around
    return { type: 'group', of, index }
  }

  #closed(): Tree {
    const tree = this.#alternatives()
    if (!this.#accept(')')) throw this.#error('missing closing )')
    return tree
  }

  #groupName(): string | undefined {
    const match = /^\?P?<([A-Za-z_]\w*)>/.exec(this.#chars.slice(this.#at, this.#at + 100).join(''))
    if (!match) return undefined
    this.#at += match[0].length
    return match[1]
  }

  #readFlags(): string {
    let value = true
    for (;;) {
      const char = this.#char
      this.#at += 1
      if (char === ':' || char === ')') return char
      if (char === '-' && value) value = false
      else if (char === 'i') this.#flags.ignoreCase = value
      else if (char === 'm') this.#flags.multiLine = value
      else if (char === 's') this.#flags.dotAll = value
      else if (char === 'U') this.#flags.ungreedy = value
      else throw this.#error('invalid or unsupported Perl syntax behind (?')
    }
  }

  #escape(): Tree {
    const char = this.#char
    if (char === '') throw this.#error('trailing backslash at end of expression')
    const assertion = { A: 'text begin', z: 'text end', b: 'word boundary', B: 'no word boundary' }[char] as
      | Assertion
      | undefined
    if (assertion) {
      this.#at += 1
      return { type: 'assertion', kind: assertion }
    }
    const set = this.#setEscape()
    if (set !== undefined) return this.#set(`[${set}]`, this.#flags.ignoreCase)
    return this.#literal(this.#charEscape())
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}`: part of a class; undefined when the escape is a single character. */
  #setEscape(): string | undefined {
    const char = this.#char
    const perl = perlClasses[char.toLowerCase()]
    if (perl !== undefined) {
      this.#at += 1
      return char === char.toLowerCase() ? perl : `[^${perl}]`
    }
    if (char !== 'p' && char !== 'P') return undefined
    const match = /^[pP](?:\{(\^?)(\w+)\}|(\w))/.exec(this.#chars.slice(this.#at, this.#at + 60).join(''))
    const name = match?.[2] ?? match?.[3]
    if (!match || name === undefined) throw this.#error('invalid character class range')
    this.#at += match[0].length
    const negated = (char === 'P') !== (match[1] === '^')
    for (const property of [name, `Script=${name}`]) {
      const text = `\\${negated ? 'P' : 'p'}{${property}}`
      if (isClass(text)) return text
    }
    throw this.#error(`invalid character class range \\p{${name}}`)
  }

  #charEscape(): string {
    const rest = this.#chars.slice(this.#at, this.#at + 14).join('')
    const coded = /^(?:x([\da-fA-F]{2})|x\{([\da-fA-F]{1,8})\}|([1-7][0-7]{1,2}|0[0-7]{0,2}))/.exec(rest)
    if (coded) {
      const [whole, short, long, octal] = coded
      const point = octal === undefined ? Number.parseInt(short ?? long ?? '0', 16) : Number.parseInt(octal, 8)
      if (point > 0x10ffff) throw this.#error('invalid escape sequence')
      this.#at += whole.length
      return String.fromCodePoint(point)
    }
    const char = this.#char
    const control = controlEscapes[char]
    if (control === undefined && !/^[!-/:-@[-`{-~]$/.test(char)) throw this.#error(`invalid escape sequence \\${char}`)
    this.#at += 1
    return control ?? char
  }

  #literal(char: string): Tree {
    if (this.#flags.ignoreCase && char.toLowerCase() !== char.toUpperCase())
      return this.#set(`[${inClass(char)}]`, true)
    return { type: 'char', matches: (other) => other === char }
  }

  /** Behind the opening bracket; the text of a class of JavaScript. */
  #class(): string {
    const negated = this.#accept('^')
    let text = ''
    let first = true
    while (this.#char !== ']' || first) {
      if (this.#at >= this.#chars.length) throw this.#error('missing closing ]')
      first = false
      text += this.#classPart()
    }
    this.#at += 1
    return `[${negated ? '^' : ''}${text}]`
  }

  #classPart(): string {
    const named = /^\[:(\^?)(\w+):\]/.exec(this.#chars.slice(this.#at, this.#at + 12).join(''))
    if (named) {
      const [whole, not, name = ''] = named
      const ranges = Object.hasOwn(namedClasses, name) ? namedClasses[name] : undefined
      if (ranges === undefined) throw this.#error(`invalid character class range ${whole}`)
      this.#at += whole.length
      return not ? `[^${ranges}]` : ranges
    }
    const low = this.#classChar()
    if (low.length > 1 && low.startsWith('set:')) return low.slice(4)
    const follows = this.#chars[this.#at + 1]
    if (this.#char !== '-' || follows === undefined || follows === ']') return inClass(low)
    this.#at += 1
    const high = this.#classChar()
    if (high.startsWith('set:') && high.length > 1) throw this.#error('invalid character class range')
    if ((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0)) throw this.#error('invalid character class range')
    return `${inClass(low)}-${inClass(high)}`
  }

  #classChar(): string {
    const char = this.#char
    this.#at += 1
    if (char !== '\\') return char
    const set = this.#setEscape()
    return set === undefined ? this.#charEscape() : `set:${set}`
  }

  #set(text: string, ignoreCase: boolean): Tree {
    const class_ = new RegExp(`^${text}$`, ignoreCase ? 'vi' : 'v')
    const known: (boolean | undefined)[] = []
    return {
      type: 'char',
      matches(char) {
        const point = char.codePointAt(0) ?? 0
        if (point > 127) return class_.test(char)
        known[point] ??= class_.test(char)
        return known[point]
      },
    }
  }

  #error(what: string): Error {
    return new Error(`error parsing regexp: ${what}: \`${this.#source}\``)
  }
}

function isClass(text: string): boolean {
  try {
    new RegExp(`[${text}]`, 'v')
    return true
  } catch {
    return false
  }
}

function inClass(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}

/** `\\Q…\\E` written out with a backslash before each character. */
function unquoted(source: string): string {
  return source.replace(/\\Q([\s\S]*?)(?:\\E|$)|\\[\s\S]/g, (whole, quoted: string | undefined) =>
    quoted === undefined ? whole : quoted.replace(/[!-/:-@[-`{-~]/g, '\\$&'),
  )
}
