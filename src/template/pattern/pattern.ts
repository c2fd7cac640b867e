/**
 * Regular expressions as Go has them. All ways through the pattern are followed at once, so a search takes time proportional
 * to the length of text and pattern, whatever the pattern is; each step is counted.
 */
import { type Assertion, parsePattern } from './parse.ts'
import { compileProgram, type Instruction } from './program.ts'

/** Counts work; throws when there has been too much of it. */
export type Count = (steps: number) => void

/** Begin and end of the match, then of each group; -1 for a group that took no part. */
export type Slots = number[]

interface Thread {
  at: number
  slots: Slots
}

export class Pattern {
  readonly #program: Instruction[]
  readonly #slots: number
  readonly #names: Map<string, number>

  constructor(source: string) {
    const { tree, groups, names } = parsePattern(source)
    this.#program = compileProgram(tree)
    this.#slots = 2 * (groups + 1)
    this.#names = names
  }

  test(text: string, count: Count): boolean {
    return this.exec(text, 0, count) !== undefined
  }

  /** The leftmost match at or behind `from`; among those that begin there the one that Perl would take. */
  exec(text: string, from: number, count: Count): Slots | undefined {
    let threads: Thread[] = []
    let found: Slots | undefined
    const seen = new Uint32Array(this.#program.length)
    let generation = 0
    for (let position = from; ; ) {
      generation += 1
      const current: Thread[] = []
      let visits = 0
      const enter = (at: number, slots: Slots): void => {
        const stack: Thread[] = [{ at, slots }]
        for (let thread = stack.pop(); thread; thread = stack.pop()) {
          if (seen[thread.at] === generation) continue
          seen[thread.at] = generation
          visits += 1
          const instruction = this.#program[thread.at]
          if (instruction?.type === 'split') {
            stack.push({ at: instruction.second, slots: thread.slots }, { at: instruction.first, slots: thread.slots })
          } else if (instruction?.type === 'save') {
            stack.push({ at: thread.at + 1, slots: thread.slots.with(instruction.slot, position) })
          } else if (instruction?.type === 'assertion') {
            if (holds(instruction.kind, text, position)) stack.push({ at: thread.at + 1, slots: thread.slots })
          } else current.push(thread)
        }
      }
      for (const { at, slots } of threads) enter(at, slots)
      if (!found) enter(0, new Array<number>(this.#slots).fill(-1).with(0, position))
      count(1 + Math.ceil(visits / 4))
      if (current.length === 0 && found) return found
      const char = charAt(text, position)
      threads = []
      for (const { at, slots } of current) {
        const instruction = this.#program[at]
        if (instruction?.type === 'match') {
          found = slots.with(1, position)
          break
        }
        if (instruction?.type === 'char' && char !== '' && instruction.matches(char))
          threads.push({ at: at + 1, slots })
      }
      if (char === '' || (found && threads.length === 0)) return found
      position += char.length
    }
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
      from = end > begin ? end : end + Math.max(1, charAt(text, end).length)
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

function charAt(text: string, position: number): string {
  const point = text.codePointAt(position)
  return point === undefined ? '' : String.fromCodePoint(point)
}

function holds(kind: Assertion, text: string, position: number): boolean {
  switch (kind) {
    case 'text begin':
      return position === 0
    case 'text end':
      return position === text.length
    case 'line begin':
      return position === 0 || text[position - 1] === '\n'
    case 'line end':
      return position === text.length || text[position] === '\n'
    default: {
      const boundary = isWord(text[position - 1]) !== isWord(text[position])
      return boundary === (kind === 'word boundary')
    }
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /^\w$/.test(char)
}
