/** What a pattern says, however it was written: regular expressions and globs are read into the same tree. */

export type Accepts = (code: number) => boolean

export type Assertion = 'text begin' | 'text end' | 'line begin' | 'line end' | 'word boundary' | 'no word boundary'

export type Tree =
  | { kind: 'take'; accepts: Accepts }
  | { kind: 'assert'; assertion: Assertion }
  | { kind: 'sequence' | 'either'; parts: Tree[] }
  | { kind: 'group'; of: Tree; index: number }
  | { kind: 'repeat'; of: Tree; min: number; max: number; greedy: boolean }

export const empty: Tree = { kind: 'sequence', parts: [] }

export function taking(character: string): Tree {
  const wanted = character.codePointAt(0) ?? 0
  return { kind: 'take', accepts: (code) => code === wanted }
}

/** As many characters as there are. */
export function run(accepts: Accepts): Tree {
  return { kind: 'repeat', of: { kind: 'take', accepts }, min: 0, max: Number.POSITIVE_INFINITY, greedy: true }
}
