/**
 * Whether a text matches, and no more: the set of instructions that can be reached is carried along the text. None is looked
 * at twice at one place, so that it takes time proportional to the length of text and program, whatever the pattern says.
 */
import { holds } from './assertion.ts'
import type { Instruction } from './program.ts'

/** Counts work; throws when there has been too much of it. */
export type Count = (steps: number) => void

export interface WalkOptions {
  /** The whole text has to match; without it, a match anywhere is enough. */
  whole?: boolean
  count?: Count | undefined
}

/** Used again by each walk, since none begins within another. */
class Reached {
  /** In which step an instruction was last reached. */
  seen = new Uint32Array(0)
  step = 0
  waiting = new Uint32Array(0)
  current = new Uint32Array(0)
  next = new Uint32Array(0)

  prepare({ length }: Instruction[], { length: steps }: string): void {
    if (length > this.seen.length) {
      for (const name of ['seen', 'waiting', 'current', 'next'] as const) this[name] = new Uint32Array(2 * length)
      this.step = 0
    } else if (this.step + steps + 2 > 0xffffffff) {
      this.seen.fill(0)
      this.step = 0
    }
  }
}

const reached = new Reached()

export function walk(program: Instruction[], text: string, { whole = false, count }: WalkOptions = {}): boolean {
  reached.prepare(program, text)
  const { seen, waiting } = reached
  let { current, next } = reached
  let size = 0
  let visits = 0
  let isAtEnd = false

  /** Adds an instruction to the next set, and what follows from it without taking a character. */
  function add(first: number, place: number): void {
    const { step } = reached
    let top = 0
    const push = (at: number): void => {
      if (seen[at] === step) return
      seen[at] = step
      waiting[top++] = at
    }
    push(first)
    while (top > 0) {
      const at = waiting[--top] ?? 0
      visits++
      const instruction = program[at]
      switch (instruction?.op) {
        case 'take':
          next[size++] = at
          break
        case 'split':
          push(instruction.first)
          push(instruction.second)
          break
        case 'assert':
          if (holds(instruction.assertion, text, place)) push(at + 1)
          break
        case 'save':
          push(at + 1)
          break
        case 'match':
          isAtEnd = true
      }
    }
  }

  reached.step++
  add(0, 0)
  for (let place = 0; place < text.length && (whole || !isAtEnd); ) {
    count?.(1 + Math.ceil(visits / 4))
    visits = 0
    ;[current, next] = [next, current]
    const reachable = size
    const code = text.codePointAt(place) ?? 0
    place += code > 0xffff ? 2 : 1
    reached.step++
    size = 0
    isAtEnd = false
    for (let index = 0; index < reachable; index++) {
      const at = current[index] ?? 0
      const instruction = program[at]
      if (instruction?.op === 'take' && instruction.accepts(code)) add(at + 1, place)
    }
    if (!whole) add(0, place)
    else if (size === 0 && !isAtEnd) return false
  }
  return isAtEnd
}
