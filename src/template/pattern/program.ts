/** The tree of a pattern → instructions that run in step over a text. */
import type { Assertion, Tree } from './parse.ts'

export type Instruction =
  | { type: 'char'; matches(char: string): boolean }
  | { type: 'split'; first: number; second: number }
  | { type: 'save'; slot: number }
  | { type: 'assertion'; kind: Assertion }
  | { type: 'match' }

const longest = 20_000

/** Each instruction but `split` goes on with the next one. */
export function compileProgram(tree: Tree): Instruction[] {
  const program: Instruction[] = []
  const add = (instruction: Instruction): void => {
    if (program.length >= longest) throw new Error('error parsing regexp: expression too large')
    program.push(instruction)
  }
  const split = (): { first: number; second: number; type: 'split' } => {
    const instruction = { type: 'split' as const, first: 0, second: 0 }
    add(instruction)
    return instruction
  }

  const optional = (write: () => void, greedy: boolean): void => {
    const choice = split()
    const inside = program.length
    write()
    Object.assign(
      choice,
      greedy ? { first: inside, second: program.length } : { first: program.length, second: inside },
    )
  }

  function loop(of: Tree, greedy: boolean): void {
    const begin = program.length
    optional(() => {
      write(of)
      const back = split()
      back.first = begin
      back.second = begin
    }, greedy)
  }

  function write(node: Tree): void {
    switch (node.type) {
      case 'empty':
        return
      case 'char':
        add({ type: 'char', matches: node.matches })
        return
      case 'assertion':
        add(node)
        return
      case 'concat':
        for (const part of node.parts) write(part)
        return
      case 'alternate':
        alternate(node.parts)
        return
      case 'group':
        add({ type: 'save', slot: 2 * node.index })
        write(node.of)
        add({ type: 'save', slot: 2 * node.index + 1 })
        return
      case 'repeat':
        for (let count = 0; count < node.min; count += 1) write(node.of)
        if (node.max === Number.POSITIVE_INFINITY) loop(node.of, node.greedy)
        else several(node.of, node.max - node.min, node.greedy)
    }
  }

  function several(of: Tree, count: number, greedy: boolean): void {
    if (count <= 0) return
    // In a row instead of within each other: all choices to leave lead to the same end.
    const choices: { choice: { first: number; second: number }; inside: number }[] = []
    for (let index = 0; index < count; index += 1) {
      const choice = split()
      choices.push({ choice, inside: program.length })
      write(of)
    }
    const end = program.length
    for (const { choice, inside } of choices) {
      Object.assign(choice, greedy ? { first: inside, second: end } : { first: end, second: inside })
    }
  }

  function alternate(parts: Tree[]): void {
    const ends: { first: number; second: number }[] = []
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        write(part)
        continue
      }
      const choice = split()
      choice.first = program.length
      write(part)
      ends.push(split())
      choice.second = program.length
    }
    for (const end of ends) {
      end.first = program.length
      end.second = program.length
    }
  }

  write(tree)
  add({ type: 'match' })
  return program
}
