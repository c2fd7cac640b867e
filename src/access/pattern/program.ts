/**
 * Patterns matched in time that grows with their length times that of the text, whatever they say: an automaton is walked
 * along the text, and nothing is ever tried twice. Policies and requests come from people who may want to stop us.
 */

/** Code points on both sides of a place in a text; undefined at its ends. */
type Assertion = (before: number | undefined, after: number | undefined) => boolean

export type Pattern =
  | { kind: 'take'; accepts(code: number): boolean }
  | { kind: 'assert'; holds: Assertion }
  | { kind: 'sequence'; parts: Pattern[] }
  | { kind: 'either'; options: Pattern[] }
  | { kind: 'repeat'; part: Pattern; min: number; max: number }

export type Matcher = (text: string) => boolean

type Instruction =
  | { op: 'take'; accepts(code: number): boolean }
  | { op: 'assert'; holds: Assertion }
  | { op: 'fork'; to: number[] }
  | { op: 'accept' }

const mostInstructions = 2000
/** Names, URLs and paths are far shorter. What is longer matches nothing. */
export const longestText = 2048

/** Throws an Error when the pattern is too large. Without `whole`, a match anywhere in the text is enough. */
export function compile(pattern: Pattern, { whole }: { whole: boolean }): Matcher {
  const program: Instruction[] = []
  emit(pattern, program)
  program.push({ op: 'accept' })
  return (text) => text.length <= longestText && run(program, text, whole)
}

function emit(pattern: Pattern, program: Instruction[]): void {
  if (program.length > mostInstructions) throw new Error('it is too large')
  switch (pattern.kind) {
    case 'take':
      program.push({ op: 'take', accepts: pattern.accepts })
      break
    case 'assert':
      program.push({ op: 'assert', holds: pattern.holds })
      break
    case 'sequence':
      for (const part of pattern.parts) emit(part, program)
      break
    case 'either':
      emitEither(pattern.options, program)
      break
    case 'repeat':
      emitRepeat(pattern, program)
  }
}

function emitEither(options: Pattern[], program: Instruction[]): void {
  const fork = { op: 'fork' as const, to: [] as number[] }
  program.push(fork)
  const exits: { op: 'fork'; to: number[] }[] = []
  for (const option of options) {
    fork.to.push(program.length)
    emit(option, program)
    const exit = { op: 'fork' as const, to: [] as number[] }
    exits.push(exit)
    program.push(exit)
  }
  for (const exit of exits) exit.to.push(program.length)
}

function emitRepeat({ part, min, max }: { part: Pattern; min: number; max: number }, program: Instruction[]): void {
  for (let count = 0; count < min; count++) emit(part, program)
  const times = max === Number.POSITIVE_INFINITY ? 1 : max - min
  const forks: { op: 'fork'; to: number[] }[] = []
  for (let count = 0; count < times; count++) {
    const fork = { op: 'fork' as const, to: [program.length + 1] }
    forks.push(fork)
    program.push(fork)
    const start = program.length - 1
    emit(part, program)
    if (max === Number.POSITIVE_INFINITY) program.push({ op: 'fork', to: [start] })
  }
  for (const fork of forks) fork.to.push(program.length)
}

function run(program: Instruction[], text: string, whole: boolean): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  /** At which place of the text an instruction was last reached: each is looked at once for each place. */
  const reachedAt = new Int32Array(program.length).fill(-1)
  let current: number[] = []

  /** Adds an instruction, and what follows from it without taking a character. True: the pattern is at its end. */
  function add(list: number[], first: number, place: number): boolean {
    const waiting = [first]
    let accepted = false
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (reachedAt[at] === place) continue
      reachedAt[at] = place
      const instruction = program[at]
      if (instruction?.op === 'take') list.push(at)
      else if (instruction?.op === 'fork') waiting.push(...instruction.to)
      else if (instruction?.op === 'accept') accepted = true
      else if (instruction?.holds(codes[place - 1], codes[place])) waiting.push(at + 1)
    }
    return accepted
  }

  let accepted = add(current, 0, 0)
  for (let place = 0; place < codes.length; place++) {
    if (accepted && !whole) return true
    const next: number[] = []
    accepted = false
    for (const at of current) {
      const instruction = program[at]
      if (instruction?.op === 'take' && instruction.accepts(codes[place] ?? 0)) {
        accepted = add(next, at + 1, place + 1) || accepted
      }
    }
    if (!whole) accepted = add(next, 0, place + 1) || accepted
    else if (next.length === 0 && !accepted) return false
    current = next
  }
  return accepted
}
