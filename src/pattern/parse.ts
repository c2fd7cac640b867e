/** Text of a regular expression in RE2's syntax → its tree. What RE2 has not, such as looking back, is refused. */
import { characterAccepts, classAccepts, readClass, readEscape, readSet } from './character-class.ts'
import { Source } from './source.ts'
import { type Assertion, empty, type Tree } from './tree.ts'

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

const flagLetters: Record<string, keyof Flags> = { i: 'ignoreCase', m: 'multiLine', s: 'dotAll', U: 'ungreedy' }
const assertions: Record<string, Assertion> = {
  A: 'text begin',
  z: 'text end',
  b: 'word boundary',
  B: 'no word boundary',
}

const longestSource = 20_000
const mostRepetitions = 1000
const deepest = 200

/** Throws an Error that says what is wrong, in Go's words. */
export function parsePattern(source: string): ParsedPattern {
  if (source.length > longestSource) throw new Error('expression too large')
  const parser = new PatternParser(source)
  const tree = parser.parse()
  return { tree, groups: parser.groups, names: parser.names }
}

class PatternParser {
  readonly #source: Source
  readonly names = new Map<string, number>()
  groups = 0
  #depth = 0
  #flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false }

  constructor(source: string) {
    this.#source = new Source(unquoted(source))
  }

  parse(): Tree {
    const tree = this.#alternatives()
    if (!this.#source.isAtEnd) throw new Error('unexpected )')
    return tree
  }

  #alternatives(): Tree {
    this.#depth += 1
    if (this.#depth > deepest) throw new Error('expression nests too deeply')
    const first = this.#sequence()
    const others: Tree[] = []
    while (this.#source.accept('|')) others.push(this.#sequence())
    this.#depth -= 1
    return others.length === 0 ? first : { kind: 'either', parts: [first, ...others] }
  }

  #sequence(): Tree {
    const parts: Tree[] = []
    while (this.#source.sees(/[^|)]/y)) {
      const atom = this.#atom()
      if (atom) parts.push(this.#repeated(atom))
    }
    return parts.length === 0 ? empty : { kind: 'sequence', parts }
  }

  #repeated(atom: Tree): Tree {
    const bounds = this.#bounds()
    if (!bounds) return atom
    const lazy = this.#source.accept('?')
    if (this.#bounds()) throw new Error('invalid nested repetition operator')
    return { kind: 'repeat', of: atom, ...bounds, greedy: lazy === this.#flags.ungreedy }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#source.accept('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#source.accept('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#source.accept('?')) return { min: 0, max: 1 }
    const match = this.#source.match(/\{(\d+)(,(\d*))?\}/y)
    if (!match) return undefined
    const [whole, least, comma, most] = match
    const min = Number(least)
    const max = comma === undefined ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most)
    if (min > mostRepetitions || (Number.isFinite(max) && (max > mostRepetitions || max < min))) {
      throw new Error(`invalid repeat count ${whole}`)
    }
    return { min, max }
  }

  /** Undefined for a group that only sets flags. */
  #atom(): Tree | undefined {
    const { ignoreCase, multiLine, dotAll } = this.#flags
    const character = this.#source.take()
    switch (character) {
      case '.':
        return { kind: 'take', accepts: dotAll ? () => true : (code) => code !== 10 }
      case '^':
        return { kind: 'assert', assertion: multiLine ? 'line begin' : 'text begin' }
      case '$':
        return { kind: 'assert', assertion: multiLine ? 'line end' : 'text end' }
      case '[':
        return { kind: 'take', accepts: classAccepts(readClass(this.#source), ignoreCase) }
      case '(':
        return this.#group()
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new Error(`missing argument to repetition operator ${character}`)
      default:
        return { kind: 'take', accepts: characterAccepts(character, ignoreCase) }
    }
  }

  #escape(): Tree {
    const { ignoreCase } = this.#flags
    if (this.#source.isAtEnd) throw new Error('trailing backslash at end of expression')
    const assertion = assertions[this.#source.match(/[AzbB]/y)?.[0] ?? '']
    if (assertion) return { kind: 'assert', assertion }
    const set = readSet(this.#source)
    if (set !== undefined) return { kind: 'take', accepts: classAccepts(`[${set}]`, ignoreCase) }
    return { kind: 'take', accepts: characterAccepts(readEscape(this.#source), ignoreCase) }
  }

  /** Behind the opening parenthesis. `(?i)` holds to the end of the group that it stands in, `(?i:…)` within its own. */
  #group(): Tree | undefined {
    const around = { ...this.#flags }
    const name = this.#source.match(/\?P?<(\w+)>/y)?.[1]
    if (name === undefined && this.#source.accept('?')) {
      if (this.#readFlags() === ')') return undefined
      return this.#closed(around)
    }
    this.groups += 1
    const index = this.groups
    if (name !== undefined) {
      if (this.names.has(name)) throw new Error(`duplicate capture group name ${name}`)
      this.names.set(name, index)
    }
    return { kind: 'group', of: this.#closed(around), index }
  }

  #closed(around: Flags): Tree {
    const tree = this.#alternatives()
    if (!this.#source.accept(')')) throw new Error('missing closing )')
    this.#flags = around
    return tree
  }

  #readFlags(): string {
    const [, on = '', off = '', end] = this.#source.match(/([imsU]*)(?:-([imsU]+))?([:)])/y) ?? []
    if (end === undefined) throw new Error('invalid or unsupported Perl syntax behind (?')
    for (const letter of on) this.#set(letter, true)
    for (const letter of off) this.#set(letter, false)
    return end
  }

  #set(letter: string, value: boolean): void {
    const flag = flagLetters[letter]
    if (flag) this.#flags = { ...this.#flags, [flag]: value }
  }
}

/** `\\Q…\\E` written out with a backslash before each character. */
function unquoted(source: string): string {
  return source.replace(/\\Q([\s\S]*?)(?:\\E|$)|\\[\s\S]/g, (whole, quoted: string | undefined) =>
    quoted === undefined ? whole : quoted.replace(/[!-/:-@[-`{-~]/g, '\\$&'),
  )
}
