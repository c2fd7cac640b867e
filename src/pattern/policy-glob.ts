/**
 * Globs as Argo CD's policies write them: `*` any run of characters, slashes too; `?` one; `[abc]`, `[a-z]`, `[!abc]`;
 * `{one,other}`, also nested; `\` takes the next character as it is.
 */
import { type Matcher, starMatcher, treeMatcher, withLiteralEnds } from './matcher.ts'
import { empty, run, type Tree, taking } from './tree.ts'

/** Throws an Error that says what is wrong. */
export function policyGlobMatcher(text: string): Matcher {
  if (!/[*?[{\\]/.test(text)) return (other) => other === text
  if (/^[^?[{\\]*$/.test(text)) return starMatcher(text)
  return withLiteralEnds(text, treeMatcher(new GlobReader(text).read(), { whole: true }))
}

const anything: Tree = { kind: 'take', accepts: () => true }

class GlobReader {
  private readonly characters: string[]
  private at = 0

  constructor(text: string) {
    this.characters = Array.from(text)
  }

  read(): Tree {
    return this.sequence(0)
  }

  /** Ends at the end of the text, and within braces at their comma or end. Braces that are never closed end with the text. */
  private sequence(depth: number): Tree {
    if (depth > 50) throw new Error('its braces are nested too deeply')
    const parts: Tree[] = []
    for (let character = this.peek(); character !== undefined; character = this.peek()) {
      if (depth > 0 && (character === ',' || character === '}')) break
      this.at++
      parts.push(this.part(character, depth))
    }
    return { kind: 'sequence', parts }
  }

  private part(character: string, depth: number): Tree {
    switch (character) {
      case '*':
        return run(() => true)
      case '?':
        return anything
      case '[':
        return this.list()
      case '{':
        return this.braces(depth + 1)
      case '\\': {
        const next = this.characters[this.at++]
        return next === undefined ? empty : taking(next)
      }
      default:
        return taking(character)
    }
  }

  private braces(depth: number): Tree {
    const parts = [this.sequence(depth)]
    for (let end = this.peek(); end !== undefined; end = this.peek()) {
      this.at++
      if (end === '}') break
      parts.push(this.sequence(depth))
    }
    return { kind: 'either', parts }
  }

  private list(): Tree {
    const negated = this.peek() === '!'
    if (negated) this.at++
    const range = this.characters[this.at + 1] === '-' ? this.range() : this.choice()
    if (this.characters[this.at++] !== ']') throw new Error('a list in brackets is not closed')
    return { kind: 'take', accepts: (code) => range(code) !== negated }
  }

  private range(): (code: number) => boolean {
    const low = this.characters[this.at]?.codePointAt(0) ?? 0
    const high = this.characters[this.at + 2]?.codePointAt(0) ?? -1
    this.at += 3
    if (high < low) throw new Error('a range in brackets ends before it begins')
    return (code) => code >= low && code <= high
  }

  private choice(): (code: number) => boolean {
    const chosen = new Set<number>()
    for (let character = this.peek(); character !== undefined && character !== ']'; character = this.peek()) {
      this.at++
      const taken = character === '\\' ? this.characters[this.at++] : character
      if (taken !== undefined) chosen.add(taken.codePointAt(0) ?? 0)
    }
    if (chosen.size === 0) throw new Error('a list in brackets is empty')
    return (code) => chosen.has(code)
  }

  private peek(): string | undefined {
    return this.characters[this.at]
  }
}
