/**
 * Regular expressions as Go has them, with what sprig's functions do with them: search, replace, split. Each step is counted.
 */
import { type ParsedPattern, parsePattern } from './parse.ts'
import { compileProgram, type Instruction } from './program.ts'
import { type Slots, search } from './search.ts'
import { type Count, Walk } from './walk.ts'

const mostInstructions = 20_000

export class Pattern {
  readonly #program: Instruction[]
  /** For those who only ask whether there is a match. */
  #walk: Walk | undefined
  readonly #groups: number
  readonly #names: Map<string, number>

  /** Throws an Error in Go's words when it cannot be read. */
  constructor(source: string) {
    const { program, groups, names } = readAsGo(source)
    this.#program = program
    this.#groups = groups
    this.#names = names
  }

  test(text: string, count: Count): boolean {
    this.#walk ??= new Walk(this.#program)
    return this.#walk.matches(text, { count })
  }

  /** The leftmost match at or behind `from`; among those that begin there the one that Perl would take. */
  exec(text: string, from: number, count: Count): Slots | undefined {
    return search(this.#program, text, { from, groups: this.#groups, count })
  }

  /** Up to `limit` matches that do not overlap; an empty one directly behind another is none. */
  all(text: string, { limit = -1, count }: { limit?: number; count: Count }): Slots[] {
    const found: Slots[] = []
    let from = 0
    let previousEnd = -1
    while (from <= text.length && (limit < 0 || found.length < limit)) {
      const match = this.exec(text, from, count)
      if (!match) break
      const [begin = 0, end = 0] = match
      if (end > begin || begin !== previousEnd) found.push(match)
      previousEnd = end
      from = end > begin ? end : end + widthAt(text, end)
    }
    return found
  }

  replaceAll(text: string, replacement: (match: Slots) => string, count: Count): string {
    let result = ''
    let end = 0
    for (const match of this.all(text, { count })) {
      const piece = replacement(match)
      count(piece.length)
      result += text.slice(end, match[0]) + piece
      end = match[1] ?? end
    }
    return result + text.slice(end)
  }

  /** `$1`, `${name}` and `$$` in a replacement. */
  expand(template: string, match: Slots, text: string): string {
    return template.replace(
      /\$(?:\$|\{(\w+)\}|(\w+))/g,
      (whole, braced: string | undefined, plain: string | undefined) => {
        const name = braced ?? plain
        if (name === undefined) return whole === '$$' ? '$' : whole
        const group = /^\d+$/.test(name) ? Number(name) : (this.#names.get(name) ?? -1)
        const begin = match[2 * group] ?? -1
        return begin < 0 ? '' : text.slice(begin, match[2 * group + 1])
      },
    )
  }

  /** The pieces between matches; `limit` as in Go: how many pieces, -1 for all, 0 for none. */
  split(text: string, limit: number, count: Count): string[] {
    if (limit === 0) return []
    if (text === '' && this.#program.length > 1) return ['']
    const pieces: string[] = []
    let begin = 0
    let end = 0
    for (const match of this.all(text, { limit, count })) {
      if (limit > 0 && pieces.length === limit - 1) break
      end = match[0] ?? 0
      if ((match[1] ?? 0) !== 0) pieces.push(text.slice(begin, end))
      begin = match[1] ?? 0
    }
    if (end !== text.length) pieces.push(text.slice(begin))
    return pieces
  }
}

interface Read extends Omit<ParsedPattern, 'tree'> {
  program: Instruction[]
}

function readAsGo(source: string): Read {
  try {
    const { tree, groups, names } = parsePattern(source)
    return { program: compileProgram(tree, { mostInstructions, groups: true }), groups, names }
  } catch (error) {
    throw new Error(`error parsing regexp: ${(error as Error).message}: \`${source}\``)
  }
}

function widthAt(text: string, place: number): number {
  return (text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1
}
