/** Regular expressions in Go's syntax (RE2), as `policy.matchMode: regex` and `passwordPattern` write them. */
import { classOf, inClass, namedClass } from './character-class.ts'
import { compile, type Matcher, type Pattern } from './program.ts'

/** A match anywhere in the text counts. Throws an Error that says what is wrong. */
export function regexMatcher(source: string): Matcher {
  return compile(new RegexReader(source).read(), { whole: false })
}

interface Flags {
  ignoreCase: boolean
  multiline: boolean
  dotAll: boolean
}

const empty: Pattern = { kind: 'sequence', parts: [] }
const newline = 10
const mostRepeats = 1000
const deepest = 100

const isWord = namedClass('w')

const assertions: Record<string, Pattern> = {
  A: { kind: 'assert', holds: (before) => before === undefined },
  z: { kind: 'assert', holds: (_before, after) => after === undefined },
  b: { kind: 'assert', holds: (before, after) => inWord(before) !== inWord(after) },
  B: { kind: 'assert', holds: (before, after) => inWord(before) === inWord(after) },
  lineStart: { kind: 'assert', holds: (before) => before === undefined || before === newline },
  lineEnd: { kind: 'assert', holds: (_before, after) => after === undefined || after === newline },
}

function inWord(code: number | undefined): boolean {
  return code !== undefined && isWord(code)
}

class RegexReader {
  private rest: string
  private flags: Flags = { ignoreCase: false, multiline: false, dotAll: false }

  constructor(source: string) {
    this.rest = source
  }

  read(): Pattern {
    const pattern = this.either(0)
    if (this.rest !== '') throw new Error('it closes a group that it does not open')
    return pattern
  }

  private either(depth: number): Pattern {
    if (depth > deepest) throw new Error('its groups are nested too deeply')
    const options = [this.sequence(depth)]
    while (this.take(/^\|/)) options.push(this.sequence(depth))
    return options.length === 1 ? (options[0] ?? empty) : { kind: 'either', options }
  }

  private sequence(depth: number): Pattern {
    const parts: Pattern[] = []
    while (this.rest !== '' && !/^[|)]/.test(this.rest)) parts.push(this.repeated(this.atom(depth)))
    return { kind: 'sequence', parts }
  }

  private repeated(part: Pattern): Pattern {
    const found = this.take(/^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/)
    if (!found) return part
    if (/^(?:[*+?]|\{\d+(,\d*)?\})/.test(this.rest)) throw new Error('it repeats what is repeated already')
    const [, sign, least, comma, most] = found
    const min = sign ? (sign === '+' ? 1 : 0) : Number(least)
    const unbounded = sign ? sign !== '?' : comma !== undefined && most === ''
    const max = unbounded ? Number.POSITIVE_INFINITY : sign ? 1 : Number(most ?? least)
    if (max < min || min > mostRepeats || (!unbounded && max > mostRepeats)) {
      throw new Error(`a repeat count is not between 0 and ${mostRepeats}, or upside down`)
    }
    return { kind: 'repeat', part, min, max }
  }

  private atom(depth: number): Pattern {
    if (this.take(/^\(/)) return this.group(depth)
    if (this.rest.startsWith('[')) return this.bracket()
    if (this.take(/^\./)) return { kind: 'take', accepts: this.flags.dotAll ? () => true : (code) => code !== newline }
    if (this.take(/^\^/)) return this.anchor('A', 'lineStart')
    if (this.take(/^\$/)) return this.anchor('z', 'lineEnd')
    const assertion = this.take(/^\\([AzbB])/)?.[1]
    if (assertion) return assertions[assertion] ?? empty
    const quoted = this.take(/^\\Q([\s\S]*?)(?:\\E|$)/)?.[1]
    if (quoted !== undefined) {
      return { kind: 'sequence', parts: Array.from(quoted, (one) => this.literal(one.codePointAt(0) ?? 0)) }
    }
    if (/^[*+?]/.test(this.rest)) throw new Error(`it repeats nothing at "${this.rest.slice(0, 10)}"`)
    if (this.rest.startsWith('\\')) return this.escape()
    const character = String.fromCodePoint(this.rest.codePointAt(0) ?? 0)
    this.rest = this.rest.slice(character.length)
    return this.literal(character.codePointAt(0) ?? 0)
  }

  private anchor(text: string, line: string): Pattern {
    return assertions[this.flags.multiline ? line : text] ?? empty
  }

  private escape(): Pattern {
    const { accepts, code, length } = classOf(this.rest)
    this.rest = this.rest.slice(length)
    return code === undefined ? { kind: 'take', accepts } : this.literal(code)
  }

  private literal(wanted: number): Pattern {
    return { kind: 'take', accepts: this.caseless((code) => code === wanted) }
  }

  private bracket(): Pattern {
    const { accepts, length } = inClass(this.rest)
    this.rest = this.rest.slice(length)
    return { kind: 'take', accepts: this.caseless(accepts) }
  }

  private caseless(accepts: (code: number) => boolean): (code: number) => boolean {
    if (!this.flags.ignoreCase) return accepts
    return (code) => {
      const character = String.fromCodePoint(code)
      const others = [character.toLowerCase(), character.toUpperCase()]
      return accepts(code) || others.some((other) => accepts(other.codePointAt(0) ?? 0))
    }
  }

  /** `(?i)` holds to the end of the group that it stands in, `(?i:…)` within its own. */
  private group(depth: number): Pattern {
    const outer = this.flags
    const named = this.take(/^\?(?:P?<[A-Za-z_]\w*>)/)
    const flags = named ? null : this.take(/^\?([imsU]*)(?:-([imsU]+))?([:)])/)
    if (!named && !flags && this.rest.startsWith('?')) throw new Error('it has a group of a kind that is not known')
    if (flags) this.flags = changed(outer, flags[1] ?? '', flags[2] ?? '')
    if (flags?.[3] === ')') return empty
    const pattern = this.either(depth + 1)
    if (!this.take(/^\)/)) throw new Error('it opens a group that it does not close')
    this.flags = outer
    return pattern
  }

  private take(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.rest)
    if (found) this.rest = this.rest.slice(found[0].length)
    return found
  }
}

function changed(flags: Flags, on: string, off: string): Flags {
  const is = (letter: string, before: boolean) => (before || on.includes(letter)) && !off.includes(letter)
  return {
    ignoreCase: is('i', flags.ignoreCase),
    multiline: is('m', flags.multiline),
    dotAll: is('s', flags.dotAll),
  }
}
