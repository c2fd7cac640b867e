/** Tokens → the tree of a template, and of the templates it defines. */
import { located, TemplateError } from '../template-error.ts'
import { Lexer, type Token, type TokenType } from './lexer.ts'
import { charConstant, numberConstant, unquote } from './literal.ts'
import type { Command, Expression, Node, Pipeline } from './node.ts'

export interface ParserOptions {
  name: string
  left: string
  right: string
  isFunction(name: string): boolean
}

/** Parentheses and blocks within each other. */
const deepest = 500

export class Parser {
  readonly #source: string
  readonly #options: ParserOptions
  readonly #tokens: Token[]
  readonly templates = new Map<string, Node[]>()
  #next = 0
  #variables: string[] = ['$']
  #rangeDepth = 0
  #depth = 0

  constructor(source: string, options: ParserOptions) {
    this.#source = source
    this.#options = options
    this.#tokens = new Lexer(source, options).tokens()
  }

  parse(): Map<string, Node[]> {
    const { nodes } = this.#list([], true)
    this.#add(this.#options.name, nodes)
    return this.templates
  }

  #add(name: string, nodes: Node[]): void {
    const known = this.templates.get(name)
    if (known && !isEmpty(known) && !isEmpty(nodes)) throw this.#error(`multiple definition of template "${name}"`)
    if (!known || !isEmpty(nodes)) this.templates.set(name, nodes)
  }

  /** Nodes up to one of the given keywords, which is consumed with its left delimiter. */
  #list(until: string[], topLevel = false): { nodes: Node[]; ended: string } {
    const nodes: Node[] = []
    for (;;) {
      const token = this.#take()
      if (token.type === 'end of text') {
        if (until.length === 0) return { nodes, ended: '' }
        throw this.#error('unexpected EOF: {{end}} is missing', token)
      }
      if (token.type === 'text') {
        nodes.push({ type: 'text', at: token.at, text: token.text })
        continue
      }
      const word = this.#peek()
      if (word.type !== 'keyword') {
        nodes.push({ type: 'action', at: word.at, pipeline: this.#pipeline('command') })
        continue
      }
      this.#take()
      if (until.includes(word.text)) return { nodes, ended: word.text }
      if (word.text === 'define' && topLevel) this.#define()
      else nodes.push(this.#statement(word))
    }
  }

  #statement(word: Token): Node {
    switch (word.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.#control(word.text, word.at)
      case 'template':
        return this.#template(word.at)
      case 'block':
        return this.#block(word.at)
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) throw this.#error(`{{${word.text}}} outside {{range}}`, word)
        this.#expectRight(word.text)
        return { type: word.text, at: word.at }
      default:
        throw this.#error(`unexpected {{${word.text}}}`, word)
    }
  }

  #control(type: 'if' | 'with' | 'range', at: number): Node {
    return this.#deeper(() => {
      const visible = this.#variables.length
      const pipeline = this.#pipeline(type)
      if (type === 'range') this.#rangeDepth += 1
      const { nodes: body, ended } = this.#list(['else', 'end'])
      if (type === 'range') this.#rangeDepth -= 1
      const otherwise = ended === 'else' ? this.#otherwise(type) : []
      if (ended === 'end') this.#expectRight('end')
      this.#variables.length = visible
      return { type, at, pipeline, body, otherwise }
    })
  }

  /** Behind `else`: either `if` or `with`, which share the end, or a list. */
  #otherwise(type: 'if' | 'with' | 'range'): Node[] {
    const word = this.#peek()
    if (word.type === 'keyword' && word.text === type && type !== 'range') {
      this.#take()
      return [this.#control(type, word.at)]
    }
    this.#expectRight('else')
    const { nodes } = this.#list(['end'])
    this.#expectRight('end')
    return nodes
  }

  #define(): void {
    const name = this.#templateName('define')
    this.#expectRight('define')
    this.#add(
      name,
      this.#separate(() => this.#list(['end']).nodes),
    )
    this.#expectRight('end')
  }

  #template(at: number): Node {
    const name = this.#templateName('template')
    if (this.#peek().type === 'right') {
      this.#take()
      return { type: 'template', at, name }
    }
    return { type: 'template', at, name, pipeline: this.#pipeline('template') }
  }

  #block(at: number): Node {
    const name = this.#templateName('block')
    const pipeline = this.#pipeline('block')
    this.#add(
      name,
      this.#separate(() => this.#list(['end']).nodes),
    )
    this.#expectRight('end')
    return { type: 'template', at, name, pipeline }
  }

  /** A template within sees none of the variables around it. */
  #separate<Result>(read: () => Result): Result {
    const around = this.#variables
    const depth = this.#rangeDepth
    this.#variables = ['$']
    this.#rangeDepth = 0
    const result = this.#deeper(read)
    this.#variables = around
    this.#rangeDepth = depth
    return result
  }

  #templateName(context: string): string {
    const token = this.#take()
    const name = token.type === 'string' ? unquote(token.text) : undefined
    if (name === undefined) throw this.#unexpected(token, `${context} clause`)
    return name
  }

  #expectRight(context: string): void {
    const token = this.#take()
    if (token.type !== 'right') throw this.#unexpected(token, context)
  }

  /** A pipeline with its variables, up to the right delimiter or the closing parenthesis. */
  #pipeline(context: string, end: 'right' | ')' = 'right'): Pipeline {
    const at = this.#peek().at
    const { variables, assigns } = this.#declaration(context)
    const commands: Command[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type === 'right' || isPunctuation(token, ')')) {
        if ((token.type === 'right') !== (end === 'right')) throw this.#unexpected(token, context)
        this.#take()
        break
      }
      commands.push(this.#command(context))
    }
    if (commands.length === 0) throw this.#error(`missing value for ${context}`)
    for (const [index, { args, at: where }] of commands.entries()) {
      if (index > 0 && args[0] && ['constant', 'dot', 'nil'].includes(args[0].type)) {
        throw this.#error(`non executable command in pipeline stage ${index + 1}`, { at: where })
      }
    }
    if (!assigns) this.#variables.push(...variables)
    return { at, variables, assigns, commands }
  }

  #declaration(context: string): { variables: string[]; assigns: boolean } {
    const variables: string[] = []
    const start = this.#next
    while (this.#peek().type === 'variable') {
      const { text } = this.#take()
      const operator = this.#peek()
      variables.push(text)
      if (isPunctuation(operator, ':=') || isPunctuation(operator, '=')) {
        this.#take()
        const assigns = operator.text === '='
        if (assigns) for (const name of variables) this.#known(name, operator)
        return { variables, assigns }
      }
      if (!isPunctuation(operator, ',')) break
      if (context !== 'range' || variables.length > 1)
        throw this.#error(`too many declarations in ${context}`, operator)
      this.#take()
    }
    this.#next = start
    return { variables: [], assigns: false }
  }

  /** Operands up to a pipe, which is consumed, or the end of the pipeline, which is not. */
  #command(context: string): Command {
    const args: Expression[] = []
    const at = this.#peek().at
    for (;;) {
      args.push(this.#operand(context))
      const token = this.#peek()
      if (token.type === 'right' || isPunctuation(token, ')')) break
      if (isPunctuation(token, '|')) {
        this.#take()
        const behind = this.#peek()
        if (behind.type === 'right' || isPunctuation(behind, ')'))
          throw this.#error(`missing value for ${context}`, behind)
        break
      }
      if (!token.apart) throw this.#unexpected(token, 'operand')
    }
    return { at, args }
  }

  /** A term with the fields behind it. */
  #operand(context: string): Expression {
    const term = this.#term(context)
    const names: string[] = []
    while (this.#peek().type === 'field' && !this.#peek().apart) names.push(this.#take().text.slice(1))
    if (names.length === 0) return term
    if (term.type === 'field' || term.type === 'variable') return { ...term, names: [...term.names, ...names] }
    if (term.type === 'constant' || term.type === 'nil') {
      throw this.#error(`unexpected <.${names[0]}> after a constant`, { at: term.at })
    }
    return { type: 'chain', at: term.at, of: term, names }
  }

  #term(context: string): Expression {
    const token = this.#take()
    const { at, text } = token
    if (isPunctuation(token, '(')) {
      const pipeline = this.#deeper(() => this.#pipeline('parenthesized pipeline', ')'))
      return { type: 'pipeline', at, pipeline }
    }
    const read = terms[token.type]
    const expression = read?.(text, at)
    if (!expression) throw this.#unexpected(token, context)
    if (expression.type === 'variable') this.#known(expression.name, token)
    if (expression.type === 'function' && !this.#options.isFunction(text)) {
      throw this.#error(`function "${text}" not defined`, token)
    }
    return expression
  }

  #known(name: string, token: Token): void {
    if (!this.#variables.includes(name)) throw this.#error(`undefined variable "${name}"`, token)
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1
    if (this.#depth > deepest) throw this.#error(`more than ${deepest} blocks and parentheses within each other`)
    const result = read()
    this.#depth -= 1
    return result
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? endOfText
  }

  #take(): Token {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #unexpected(token: Token, context: string): TemplateError {
    const what = token.type === 'end of text' ? 'end of text' : `<${token.text}>`
    return this.#error(`unexpected ${what} in ${context}`, token)
  }

  #error(message: string, { at }: { at: number } = this.#tokens[this.#next - 1] ?? endOfText): TemplateError {
    return new TemplateError(`${located(this.#source, { name: this.#options.name, offset: at })}: ${message}`)
  }
}

const endOfText: Token = { type: 'end of text', text: '', at: 0, apart: false }

const terms: Partial<Record<TokenType, (text: string, at: number) => Expression | undefined>> = {
  dot: (_, at) => ({ type: 'dot', at }),
  nil: (_, at) => ({ type: 'nil', at }),
  field: (text, at) => ({ type: 'field', at, names: [text.slice(1)] }),
  variable: (name, at) => ({ type: 'variable', at, name, names: [] }),
  identifier: (name, at) => ({ type: 'function', at, name }),
  bool: (text, at) => ({ type: 'constant', at, value: text === 'true' }),
  string: (text, at) => constant(unquote(text), at),
  char: (text, at) => constant(charConstant(text), at),
  number: (text, at) => constant(numberConstant(text), at),
}

function constant(value: string | bigint | number | undefined, at: number): Expression | undefined {
  return value === undefined ? undefined : { type: 'constant', at, value }
}

function isPunctuation(token: Token, text: string): boolean {
  return token.type === 'punctuation' && token.text === text
}

function isEmpty(nodes: Node[]): boolean {
  return nodes.every((node) => node.type === 'text' && node.text.trim() === '')
}
