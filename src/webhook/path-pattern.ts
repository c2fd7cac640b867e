/** Glob patterns of paths, as Go's filepath.Match reads them, matched in a time that no pattern can blow up. */

type Token = { kind: 'run' } | { kind: 'one'; admits(character: string): boolean }
type Segment = 'any' | Token[]

export interface PathPattern {
  /** What every path that matches begins with. */
  prefix: string
  matches(path: string): boolean
}

/**
 * `*` and `?` stop at slashes. A segment `**` stands for any number of segments, which filepath.Match does not know.
 * Undefined when there is nothing to match but the text itself, or when the pattern cannot be read.
 */
export function parsePathPattern(pattern: string): PathPattern | undefined {
  const special = pattern.search(/[*?[\\]/)
  if (special < 0) return undefined
  const segments: Segment[] = []
  for (const text of pattern.split('/')) {
    const segment = text === '**' ? 'any' : parseSegment([...text])
    if (!segment) return undefined
    segments.push(segment)
  }
  // `a/**` matches `a` itself as well.
  const prefix = pattern.slice(0, special).replace(/\/$/, '')
  return { prefix, matches: (path) => matchesAll(segments, path.split('/'), segmentMatches) }
}

function segmentMatches(segment: Segment | undefined, text: string): boolean | 'run' {
  if (segment === undefined) return false
  if (segment === 'any') return 'run'
  return matchesAll(segment, [...text], tokenMatches)
}

function tokenMatches(token: Token | undefined, character: string): boolean | 'run' {
  if (token === undefined) return false
  return token.kind === 'run' ? 'run' : token.admits(character)
}

/**
 * Whether the parts match the pattern. A part that does not fit goes to the last run before it: going back further would
 * find nothing more, so that the time is at most the product of both lengths.
 */
function matchesAll<Wanted>(
  pattern: Wanted[],
  parts: string[],
  fits: (wanted: Wanted | undefined, part: string) => boolean | 'run',
): boolean {
  let wanted = 0
  let index = 0
  let run: { wanted: number; index: number } | undefined
  while (index < parts.length) {
    const fit = wanted < pattern.length ? fits(pattern[wanted], parts[index] ?? '') : false
    if (fit === 'run') run = { wanted: ++wanted, index }
    else if (fit) {
      wanted++
      index++
    } else if (run) {
      run = { wanted: run.wanted, index: run.index + 1 }
      wanted = run.wanted
      index = run.index
    } else return false
  }
  return pattern.slice(wanted).every((rest) => fits(rest, '') === 'run')
}

function parseSegment(characters: string[]): Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === '*') tokens.push({ kind: 'run' })
    else if (character === '?') tokens.push({ kind: 'one', admits: () => true })
    else if (character === '[') {
      const list = parseList(characters, at + 1)
      if (!list) return undefined
      tokens.push(list.token)
      at = list.end
    } else {
      const literal = character === '\\' ? characters[++at] : character
      if (literal === undefined) return undefined
      tokens.push({ kind: 'one', admits: (given) => given === literal })
    }
  }
  return tokens
}

/** `[abc]`, `[a-z]`, `[^a-z]`: from behind the bracket to the one that closes it. */
function parseList(characters: string[], start: number): { token: Token; end: number } | undefined {
  const isNegated = characters[start] === '^'
  const ranges: [string, string][] = []
  let at = isNegated ? start + 1 : start
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = literalAt(characters, at)
    if (!low) return undefined
    const high = characters[low.next] === '-' ? literalAt(characters, low.next + 1) : low
    if (!high) return undefined
    ranges.push([low.character, high.character])
    at = high.next
  }
  const admits = (given: string): boolean => ranges.some(([low, high]) => low <= given && given <= high) !== isNegated
  return { token: { kind: 'one', admits }, end: at }
}

function literalAt(characters: string[], at: number): { character: string; next: number } | undefined {
  const escaped = characters[at] === '\\' ? 1 : 0
  const character = characters[at + escaped]
  if (character === undefined || (escaped === 0 && (character === '-' || character === ']'))) return undefined
  return { character, next: at + escaped + 1 }
}
