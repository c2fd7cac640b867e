/** Globs as Argo CD's settings and projects write them, remembered as they are compiled. */
import { type Matcher, settingsGlobMatcher } from '../pattern/index.ts'

const compiled = new Map<string, Matcher>()
/** What is compiled grows with the text of the patterns. */
const mostCharacters = 200_000
let characters = 0

/**
 * `*` any run of characters, `?` one, `[a-z]` and `{one,other}` as usual. With `separator`, `*` and `?` stop at it and
 * `**` does not; without, `*` crosses everything.
 */
export function matchesGlob(pattern: string, text: string, separator?: '/'): boolean {
  if (pattern === '*' || pattern === text) return true
  return matcherOf(pattern, separator)(text)
}

/** The same, where a pattern between slashes is a regular expression, as in lists of namespaces. */
export function matchesAny(patterns: string[], text: string): boolean {
  return patterns.some((pattern) => {
    const inner = /^\/(.+)\/$/.exec(pattern)?.[1]
    return inner === undefined ? matchesGlob(pattern, text) : matchesRegExp(inner, text)
  })
}

/** As Argo CD has them, with looking ahead and back, which RE2 has not. One that cannot be read matches nothing. */
function matchesRegExp(source: string, text: string): boolean {
  try {
    return new RegExp(source, 'u').test(text)
  } catch {
    return false
  }
}

function matcherOf(pattern: string, separator: '/' | undefined): Matcher {
  const key = `${separator ?? ''} ${pattern}`
  const known = compiled.get(key)
  if (known) return known
  characters += key.length
  if (characters > mostCharacters) {
    compiled.clear()
    characters = key.length
  }
  const matcher = settingsGlobMatcher(pattern, separator)
  compiled.set(key, matcher)
  return matcher
}
