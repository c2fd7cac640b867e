/** The tree of a pattern → instructions that run in step over a text. */
import type { Accepts, Assertion, Tree } from './tree.ts'

export type Instruction =
  | { op: 'take'; accepts: Accepts }
  | { op: 'assert'; assertion: Assertion }
  | { op: 'split'; first: number; second: number }
  | { op: 'save'; slot: number }
  | { op: 'match' }

type Split = Extract<Instruction, { op: 'split' }>

export interface ProgramOptions {
  mostInstructions: number
  /** Whether anybody asks where the groups are. */
  groups: boolean
}

/** Repeated parts of a tree that make no instruction cost time all the same. */
const mostPartsPerInstruction = 10

/** Throws an Error when the program would be too large. Each instruction but `split` goes on with the next one. */
export function compileProgram(tree: Tree, options: ProgramOptions): Instruction[] {
  const writer = new ProgramWriter(options)
  writer.write(tree)
  writer.add({ op: 'match' })
  return writer.program
}

class ProgramWriter {
  readonly program: Instruction[] = []
  readonly #options: ProgramOptions
  #parts = 0

  constructor(options: ProgramOptions) {
    this.#options = options
  }

  add<Added extends Instruction>(instruction: Added): Added {
    if (this.program.length >= this.#options.mostInstructions) throw new Error('expression too large')
    this.program.push(instruction)
    return instruction
  }

  write(tree: Tree): void {
    this.#parts += 1
    if (this.#parts > mostPartsPerInstruction * this.#options.mostInstructions) throw new Error('expression too large')
    switch (tree.kind) {
      case 'take':
        this.add({ op: 'take', accepts: tree.accepts })
        return
      case 'assert':
        this.add({ op: 'assert', assertion: tree.assertion })
        return
      case 'sequence':
        for (const part of tree.parts) this.write(part)
        return
      case 'either':
        this.#either(tree.parts)
        return
      case 'group':
        this.#group(tree.of, tree.index)
        return
      case 'repeat':
        for (let count = 0; count < tree.min; count += 1) this.write(tree.of)
        if (tree.max === Number.POSITIVE_INFINITY) this.#loop(tree.of, tree.greedy)
        else this.#several(tree.of, tree.max - tree.min, tree.greedy)
    }
  }

  #group(of: Tree, index: number): void {
    if (this.#options.groups) this.add({ op: 'save', slot: 2 * index })
    this.write(of)
    if (this.#options.groups) this.add({ op: 'save', slot: 2 * index + 1 })
  }

  #loop(of: Tree, greedy: boolean): void {
    const begin = this.program.length
    const choice = this.#split()
    this.write(of)
    const back = this.#split()
    Object.assign(back, { first: begin, second: begin })
    this.#decide(choice, { inside: begin + 1, greedy })
  }

  /** In a row instead of within each other: all choices to leave lead to the same end. */
  #several(of: Tree, count: number, greedy: boolean): void {
    const choices: { choice: Split; inside: number }[] = []
    for (let index = 0; index < count; index += 1) {
      const choice = this.#split()
      choices.push({ choice, inside: this.program.length })
      this.write(of)
    }
    for (const { choice, inside } of choices) this.#decide(choice, { inside, greedy })
  }

  #either(parts: Tree[]): void {
    const ends: Split[] = []
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        this.write(part)
        continue
      }
      const choice = this.#split()
      choice.first = this.program.length
      this.write(part)
      ends.push(this.#split())
      choice.second = this.program.length
    }
    for (const end of ends) Object.assign(end, { first: this.program.length, second: this.program.length })
  }

  #split(): Split {
    return this.add({ op: 'split', first: 0, second: 0 })
  }

  /** To go in, or on behind what has been written. */
  #decide(choice: Split, { inside, greedy }: { inside: number; greedy: boolean }): void {
    const end = this.program.length
    Object.assign(choice, greedy ? { first: inside, second: end } : { first: end, second: inside })
  }
}
