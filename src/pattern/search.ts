/**
 * Where a text matches, and its groups: all ways through the program are followed at once, each with the places it has kept,
 * the preferred ones first. It takes time proportional to the length of text and program.
 */
import { holds } from './assertion.ts'
import type { Instruction } from './program.ts'
import type { Count } from './walk.ts'

/** Begin and end of the match, then of each group; -1 for a group that took no part. */
export type Slots = number[]

interface Thread {
  at: number
  slots: Slots
}

interface Search {
  /** What begins before is no match. */
  from: number
  groups: number
  count: Count
}

export function search(program: Instruction[], text: string, { from, groups, count }: Search): Slots | undefined {
  const none = new Array<number>(2 * (groups + 1)).fill(-1)
  const seen = new Uint32Array(program.length)
  let step = 0
  let visits = 0
  let current: Thread[] = []
  let found: Slots | undefined

  /** Adds a way, and where it leads without taking a character. */
  function enter(thread: Thread, place: number, list: Thread[]): void {
    const waiting = [thread]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { at, slots } = next
      if (seen[at] === step) continue
      seen[at] = step
      visits += 1
      const instruction = program[at]
      if (instruction?.op === 'split') waiting.push({ at: instruction.second, slots }, { at: instruction.first, slots })
      else if (instruction?.op === 'save') waiting.push({ at: at + 1, slots: slots.with(instruction.slot, place) })
      else if (instruction?.op !== 'assert') list.push(next)
      else if (holds(instruction.assertion, text, place)) waiting.push({ at: at + 1, slots })
    }
  }

  for (let place = from; ; ) {
    step += 1
    visits = 0
    const reached: Thread[] = []
    for (const thread of current) enter(thread, place, reached)
    if (!found) enter({ at: 0, slots: none.with(0, place) }, place, reached)
    count(1 + Math.ceil(visits / 4))
    const code = text.codePointAt(place)
    current = []
    for (const { at, slots } of reached) {
      const instruction = program[at]
      if (instruction?.op === 'match') {
        // The ways behind it would not be preferred.
        found = slots.with(1, place)
        break
      }
      if (instruction?.op === 'take' && code !== undefined && instruction.accepts(code)) {
        current.push({ at: at + 1, slots })
      }
    }
    if (code === undefined || (found && current.length === 0)) return found
    place += code > 0xffff ? 2 : 1
  }
}
