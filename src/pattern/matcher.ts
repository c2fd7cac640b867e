/**
 * Patterns that only have to say yes or no, of people who may want to stop us: program and text are limited, and what they
 * take together grows with both lengths, whatever the pattern says.
 */
import { parsePattern } from './parse.ts'
import { compileProgram } from './program.ts'
import type { Tree } from './tree.ts'
import { Walk } from './walk.ts'

export type Matcher = (text: string) => boolean

/** Names, URLs and paths are far shorter. What is longer matches nothing. */
export const longestText = 2048
const mostInstructions = 2000

/** A regular expression in RE2's syntax: a match anywhere in the text counts. Throws an Error that says what is wrong. */
export function regexMatcher(source: string): Matcher {
  return treeMatcher(parsePattern(source).tree, { whole: false })
}

interface TreeOptions {
  /** Without it, a match anywhere in the text is enough. */
  whole: boolean
  longestText?: number
}

/** Throws an Error when the pattern is too large. */
export function treeMatcher(tree: Tree, { whole, longestText: longest = longestText }: TreeOptions): Matcher {
  const walk = new Walk(compileProgram(tree, { mostInstructions, groups: false }))
  return (text) => text.length <= longest && walk.matches(text, { whole })
}

/** Of a glob that has stars and nothing else, the usual case: each piece is found where it first occurs after the one before. */
export function starMatcher(pattern: string, longest = longestText): Matcher {
  const pieces = pattern.split(/\*+/)
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return (text) => text === first
  const last = pieces.at(-1) ?? ''
  const between = pieces.slice(1, -1)
  return (text) => {
    if (text.length > longest || text.length < first.length + last.length) return false
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const piece of between) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= text.length - last.length
  }
}

/** With what every text begins and ends that a glob matches: most texts need no walk to be refused. */
export function withLiteralEnds(glob: string, matches: Matcher): Matcher {
  const first = /^[^*?[{\\]*/.exec(glob)?.[0] ?? ''
  // Within braces that are never closed a comma may part what stands at the end.
  const last = /[{\\]/.test(glob) ? '' : (/[^*?[\]]*$/.exec(glob)?.[0] ?? '')
  return (text) => text.startsWith(first) && text.endsWith(last) && matches(text)
}
