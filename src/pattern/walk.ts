/**
 * Whether a text matches, and no more: the set of instructions that can be reached is carried along the text. None is looked
 * at twice at one place, so that it takes time proportional to the length of text and program, whatever the pattern says.
 */
import { holds } from './assertion.ts'
import type { Instruction } from './program.ts'
import type { Accepts, Assertion } from './tree.ts'

/** Counts work; throws when there has been too much of it. */
export type Count = (steps: number) => void

export interface WalkOptions {
  /** The whole text has to match; without it, a match anywhere is enough. */
  whole?: boolean
  count?: Count | undefined
}

/** What walks need while they go, used again by each, since none begins within another. */
class Reached {
  /** In which step an instruction was last reached. */
  seen = new Uint32Array(0)
  step = 0
  waiting = new Uint32Array(0)
  current = new Uint32Array(0)
  next = new Uint32Array(0)

  prepare(instructions: number, steps: number): void {
    if (instructions > this.seen.length) {
      for (const name of ['seen', 'waiting', 'current', 'next'] as const) this[name] = new Uint32Array(2 * instructions)
      this.step = 0
    } else if (this.step + steps + 1 > 0xffffffff) {
      this.seen.fill(0)
      this.step = 0
    }
  }
}

const reached = new Reached()

/** A program in columns, which are walked much faster than a list of objects; what only leads on is left out of the way. */
export class Walk {
  readonly #accepts: (Accepts | undefined)[]
  readonly #assertions: (Assertion | undefined)[]
  /** Where it goes on. */
  readonly #first: number[]
  /** Where it goes on as well: of a split. */
  readonly #second: number[]
  readonly #start: number

  constructor(program: Instruction[]) {
    this.#accepts = program.map((instruction) => (instruction.op === 'take' ? instruction.accepts : undefined))
    this.#assertions = program.map((instruction) => (instruction.op === 'assert' ? instruction.assertion : undefined))
    this.#first = program.map(({ op, ...to }, at) => target(program, 'first' in to ? to.first : at + 1))
    this.#second = program.map((instruction) => (instruction.op === 'split' ? target(program, instruction.second) : -1))
    this.#start = target(program, 0)
  }

  /** The last instruction is the match. */
  matches(text: string, { whole = false, count }: WalkOptions = {}): boolean {
    const [accepts, assertions, first, second] = [this.#accepts, this.#assertions, this.#first, this.#second]
    const end = first.length - 1
    reached.prepare(first.length, text.length)
    const { seen, waiting } = reached
    let { current, next } = reached
    let size = 0
    let visits = 0

    /** Adds an instruction to the next set, and what follows from it without taking a character. */
    function add(start: number, place: number): void {
      const { step } = reached
      if (seen[start] === step) return
      seen[start] = step
      let top = 1
      waiting[0] = start
      while (top > 0) {
        const at = waiting[--top] as number
        visits++
        if (accepts[at] !== undefined) {
          next[size++] = at
          continue
        }
        if (at === end) continue
        const assertion = assertions[at]
        if (assertion !== undefined && !holds(assertion, text, place)) continue
        const one = first[at] as number
        if (seen[one] !== step) {
          seen[one] = step
          waiting[top++] = one
        }
        const other = second[at] as number
        if (other >= 0 && seen[other] !== step) {
          seen[other] = step
          waiting[top++] = other
        }
      }
    }

    reached.step++
    add(this.#start, 0)
    for (let place = 0; place < text.length; ) {
      if (!whole && seen[end] === reached.step) return true
      count?.(1 + Math.ceil(visits / 4))
      visits = 0
      ;[current, next] = [next, current]
      const reachable = size
      const code = text.codePointAt(place) as number
      place += code > 0xffff ? 2 : 1
      reached.step++
      size = 0
      for (let index = 0; index < reachable; index++) {
        const at = current[index] as number
        if (accepts[at]?.(code)) add(first[at] as number, place)
      }
      if (!whole) add(this.#start, place)
      else if (size === 0 && place < text.length) return false
    }
    return seen[end] === reached.step
  }
}

/** The instruction there, or the one that it does nothing but lead to. */
function target(program: Instruction[], start: number): number {
  for (let at = start; ; ) {
    const instruction = program[at]
    if (instruction?.op === 'save') at += 1
    else if (instruction?.op === 'split' && instruction.first === instruction.second) at = instruction.first
    else return at
  }
}
