/** The tree of a template. */

export interface Field {
  type: 'field'
  names: string[]
}
export interface Variable {
  type: 'variable'
  name: string
  names: string[]
}
export interface Chain {
  type: 'chain'
  of: Expression
  names: string[]
}
export interface Constant {
  type: 'constant'
  value: string | boolean | bigint | number
}

/** `at` is where it stands in the text. */
export type Expression = { at: number } & (
  | Field
  | Variable
  | Chain
  | Constant
  | { type: 'function'; name: string }
  | { type: 'dot' }
  | { type: 'nil' }
  | { type: 'pipeline'; pipeline: Pipeline }
)

export interface Command {
  at: number
  args: Expression[]
}

export interface Pipeline {
  at: number
  /** The names of variables that take the value, with their `$`. */
  variables: string[]
  assigns: boolean
  commands: Command[]
}

export type Node = { at: number } & (
  | { type: 'text'; text: string }
  | { type: 'action'; pipeline: Pipeline }
  | { type: 'if' | 'with' | 'range'; pipeline: Pipeline; body: Node[]; otherwise: Node[] }
  | { type: 'template'; name: string; pipeline?: Pipeline }
  | { type: 'break' | 'continue' }
)
