/**
 * Globs as settings, projects and generators write them: `*` any run of characters, `?` one, `[a-z]`, `[!a-z]`,
 * `{one,other}`, `\` takes the next character as it is. With a separator, `*` and `?` stop at it and `**` does not.
 */
import { type Matcher, starMatcher, treeMatcher, withLiteralEnds } from './matcher.ts'
import { Source } from './source.ts'
import { type Accepts, run, type Tree, taking } from './tree.ts'

/** No path is longer on the systems that we know. What is longer matches nothing. */
const longestText = 4096
const deepest = 50

/** A bracket or brace that is never closed stands for itself. What is too large, or a range such as `[z-a]`: nothing. */
export function settingsGlobMatcher(pattern: string, separator?: string): Matcher {
  if (!/[*?[{\\]/.test(pattern)) return (text) => text === pattern
  if (/^[^?[{\\]*$/.test(pattern) && !(separator && pattern.includes('**'))) return starsOnly(pattern, separator)
  const reader = new SettingsGlobReader(pattern, separator)
  try {
    const tree = reader.read()
    if (reader.isOpen) return (text) => text === pattern
    return withLiteralEnds(pattern, treeMatcher(tree, { whole: true, longestText }))
  } catch {
    return () => false
  }
}

/** Stars that stop at a separator: as many pieces on both sides, and each matches its own. */
function starsOnly(pattern: string, separator: string | undefined): Matcher {
  if (separator === undefined) return starMatcher(pattern, longestText)
  const pieces = pattern.split(separator).map((piece) => starMatcher(piece, longestText))
  return (text) => {
    const given = text.split(separator, pieces.length + 1)
    return given.length === pieces.length && pieces.every((matches, index) => matches(given[index] ?? ''))
  }
}

class SettingsGlobReader {
  /** A brace was never closed. */
  isOpen = false
  readonly #source: Source
  readonly #some: Accepts
  #depth = 0

  constructor(pattern: string, separator: string | undefined) {
    this.#source = new Source(pattern)
    const stop = separator?.codePointAt(0)
    this.#some = (code) => code !== stop
  }

  /** Ends at the end of the text, and within braces at their comma or end. */
  read(): Tree {
    const parts: Tree[] = []
    while (this.#depth > 0 ? this.#source.sees(/[^,}]/y) : !this.#source.isAtEnd) parts.push(this.#part())
    return { kind: 'sequence', parts }
  }

  #part(): Tree {
    if (this.#source.accept('**')) return run(() => true)
    if (this.#source.accept('*')) return run(this.#some)
    if (this.#source.accept('?')) return { kind: 'take', accepts: this.#some }
    if (this.#source.accept('{')) return this.#braces()
    const list = this.#source.match(/\[([!^])?(\]?[^\]]+)\]/y)
    if (list) return { kind: 'take', accepts: listAccepts(list[2] ?? '', list[1] !== undefined) }
    const character = this.#source.take()
    const isEscape = character === '\\' && !this.#source.isAtEnd
    return taking(isEscape ? this.#source.take() : character)
  }

  #braces(): Tree {
    this.#depth += 1
    if (this.#depth > deepest) throw new Error('its braces are nested too deeply')
    const parts = [this.read()]
    while (this.#source.accept(',')) parts.push(this.read())
    if (!this.#source.accept('}')) this.isOpen = true
    this.#depth -= 1
    return { kind: 'either', parts }
  }
}

/** A `-` that has nothing on one side is a character like others. */
function listAccepts(text: string, isNegated: boolean): Accepts {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  const dash = 45
  const ranges: [number, number][] = []
  for (let at = 0; at < codes.length; at++) {
    const low = codes[at] ?? 0
    const isRange = codes[at + 1] === dash && at + 2 < codes.length
    if (isRange) at += 2
    const high = codes[at] ?? 0
    if (high < low) throw new Error('a range in brackets ends before it begins')
    ranges.push([low, high])
  }
  return (code) => ranges.some(([low, high]) => code >= low && code <= high) !== isNegated
}
