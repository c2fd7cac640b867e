/**
 * Patterns that only have to say yes or no, of people who may want to stop us: program and text are limited, and what they
 * take together grows with both lengths, whatever the pattern says.
 */
import { parsePattern } from './parse.ts'
import { compileProgram } from './program.ts'
import type { Tree } from './tree.ts'
import { walk } from './walk.ts'

export type Matcher = (text: string) => boolean

/** Names, URLs and paths are far shorter. What is longer matches nothing. */
export const longestText = 2048
const mostInstructions = 2000

/** A regular expression in RE2's syntax: a match anywhere in the text counts. Throws an Error that says what is wrong. */
export function regexMatcher(source: string): Matcher {
  return treeMatcher(parsePattern(source).tree, { whole: false })
}

/** Throws an Error when the pattern is too large. Without `whole`, a match anywhere in the text is enough. */
export function treeMatcher(tree: Tree, { whole }: { whole: boolean }): Matcher {
  const program = compileProgram(tree, { mostInstructions, groups: false })
  return (text) => text.length <= longestText && walk(program, text, { whole })
}
