/** Tokens → the tree of an expression, in the language that triggers are written in (expr-lang). */
import { longer, negatable, precedences, predicates, unaries, words } from './grammar.ts'
import { ExpressionError, stringValue, type Token, tokensOf } from './tokens.ts'

export type Tree =
  | { type: 'constant'; value: unknown }
  | { type: 'name'; name: string }
  | { type: 'element'; part: 'value' | 'index' | 'accumulator' }
  | { type: 'let'; name: string; value: Tree; within: Tree }
  | { type: 'sequence'; before: Tree[]; last: Tree }
  | { type: 'member'; of: Tree; key: Tree; optional: boolean }
  | { type: 'chain'; of: Tree }
  | { type: 'slice'; of: Tree; from?: Tree; to?: Tree }
  | { type: 'call'; callee: Tree; args: Tree[] }
  | { type: 'builtin'; name: string; args: Tree[]; predicate?: Tree }
  | { type: 'unary'; operator: string; operand: Tree }
  | { type: 'binary'; operator: string; left: Tree; right: Tree }
  | { type: 'condition'; test: Tree; yes: Tree; no: Tree }
  | { type: 'array'; elements: Tree[] }
  | { type: 'map'; entries: [Tree, Tree][] }

const deepest = 200

export interface ParserOptions {
  isBuiltin(name: string): boolean
}

export function parseExpression(source: string, options: ParserOptions): Tree {
  return new ExpressionParser(source, options).parse()
}

class ExpressionParser {
  readonly #tokens: Token[]
  readonly #options: ParserOptions
  #next = 0
  #depth = 0

  constructor(source: string, options: ParserOptions) {
    this.#tokens = tokensOf(source)
    this.#options = options
  }

  parse(): Tree {
    const tree = this.#sequence()
    if (this.#peek().type !== 'end') throw this.#unexpected()
    return tree
  }

  /** Expressions with `;` between them, of which the last one counts. */
  #sequence(): Tree {
    const trees = [this.#expression(0)]
    while (this.#accept(';') && this.#peek().type !== 'end') trees.push(this.#expression(0))
    const last = trees.pop() as Tree
    return trees.length === 0 ? last : { type: 'sequence', before: trees, last }
  }

  #let(): Tree {
    const name = this.#take()
    if (name.type !== 'name') throw this.#unexpected(name)
    this.#expect('=')
    const value = this.#expression(0)
    this.#expect(';')
    return { type: 'let', name: name.text, value, within: this.#sequence() }
  }

  #if(): Tree {
    const test = this.#expression(0)
    const yes = this.#block()
    if (!this.#acceptWord('else')) throw this.#unexpected()
    return { type: 'condition', test, yes, no: this.#acceptWord('if') ? this.#if() : this.#block() }
  }

  #block(): Tree {
    this.#expect('{')
    const tree = this.#sequence()
    this.#expect('}')
    return tree
  }

  #expression(least: number): Tree {
    this.#depth += 1
    if (this.#depth > deepest) throw new ExpressionError(`the expression is nested more than ${deepest} levels deep`)
    const tree = this.#statement(least) ?? this.#operation(least)
    this.#depth -= 1
    return tree
  }

  #statement(least: number): Tree | undefined {
    if (least > 0) return undefined
    if (this.#peek(1).type === 'name' && this.#acceptWord('let')) return this.#let()
    return this.#acceptWord('if') ? this.#if() : undefined
  }

  #operation(least: number): Tree {
    let left = this.#unary()
    for (;;) {
      const negated = this.#isNegated()
      const operator = this.#peek(negated ? 1 : 0)
      const precedence =
        operator.type === 'string' || operator.type === 'end' ? undefined : precedences.get(operator.text)
      if (precedence === undefined || precedence < least) break
      this.#next += negated ? 2 : 1
      left = this.#binary(left, { operator: operator.text, precedence, negated })
    }
    return least === 0 ? this.#condition(left) : left
  }

  #isNegated(): boolean {
    return this.#peek().text === 'not' && this.#peek().type === 'name' && negatable.has(this.#peek(1).text)
  }

  #binary(left: Tree, given: { operator: string; precedence: number; negated: boolean }): Tree {
    const { operator, precedence, negated } = given
    if (operator === '|') return this.#piped(left)
    const isRight = operator === '**' || operator === '^'
    const right = this.#expression(isRight ? precedence : precedence + 1)
    const tree: Tree = { type: 'binary', operator, left, right }
    return negated ? { type: 'unary', operator: 'not', operand: tree } : tree
  }

  /** What stands before the pipe is the first argument of the call behind it. */
  #piped(left: Tree): Tree {
    const name = this.#take()
    if (name.type !== 'name') throw this.#unexpected(name)
    return this.#postfix(this.#call(name.text, [left]))
  }

  #condition(test: Tree): Tree {
    if (!this.#accept('?')) return test
    const yes = this.#expression(0)
    this.#expect(':')
    return { type: 'condition', test, yes, no: this.#expression(0) }
  }

  #unary(): Tree {
    const { type, text } = this.#peek()
    const precedence = type === 'string' ? undefined : unaries.get(text)
    if (precedence === undefined) return this.#postfix(this.#primary())
    this.#take()
    return { type: 'unary', operator: text === '!' ? 'not' : text, operand: this.#expression(precedence) }
  }

  #primary(): Tree {
    const token = this.#take()
    const { type, text } = token
    if (type === 'number') return { type: 'constant', value: numberValue(text) }
    if (type === 'string') return { type: 'constant', value: stringValue(text) }
    if (type === 'name') {
      if (Object.hasOwn(words, text)) return { type: 'constant', value: words[text] }
      return this.#peek().text === '(' && this.#options.isBuiltin(text)
        ? this.#call(text, [])
        : { type: 'name', name: text }
    }
    switch (text) {
      case '(': {
        const tree = this.#sequence()
        this.#expect(')')
        return tree
      }
      case '[':
        return { type: 'array', elements: this.#list(']') }
      case '{':
        return this.#map()
      case '#':
        if (this.#acceptWord('acc')) return { type: 'element', part: 'accumulator' }
        return { type: 'element', part: this.#acceptWord('index') ? 'index' : 'value' }
      case '.':
        // Within a predicate: a field of the element.
        this.#next -= 1
        return { type: 'element', part: 'value' }
      default:
        throw this.#unexpected(token)
    }
  }

  #call(name: string, before: Tree[]): Tree {
    if (!this.#options.isBuiltin(name)) throw new ExpressionError(`unknown function ${name}`)
    this.#expect('(')
    if (!predicates.has(name)) return { type: 'builtin', name, args: [...before, ...this.#list(')')] }
    const args = [...before]
    if (args.length === 0) {
      args.push(this.#expression(0))
      if (this.#accept(')')) return { type: 'builtin', name, args }
      this.#expect(',')
    } else if (this.#accept(')')) return { type: 'builtin', name, args }
    const predicate =
      this.#peek().text === '{' && this.#peek().type === 'operator' ? this.#block() : this.#expression(0)
    if (longer.has(name) && this.#accept(',')) args.push(this.#expression(0))
    this.#expect(')')
    return { type: 'builtin', name, args, predicate }
  }

  #postfix(start: Tree): Tree {
    let tree = start
    let isChain = false
    for (;;) {
      if (this.#accept('?.')) {
        isChain = true
        tree = { type: 'member', of: tree, key: this.#key(), optional: true }
      } else if (this.#peek().text === '.' && this.#peek().type === 'operator') {
        this.#take()
        tree = { type: 'member', of: tree, key: this.#key(), optional: false }
      } else if (this.#peek().text === '[' && this.#peek().type === 'operator') {
        this.#take()
        tree = this.#index(tree)
      } else if (this.#peek().text === '(' && this.#peek().type === 'operator') {
        this.#take()
        tree = { type: 'call', callee: tree, args: this.#list(')') }
      } else break
    }
    return isChain ? { type: 'chain', of: tree } : tree
  }

  #key(): Tree {
    if (this.#accept('[')) {
      const key = this.#expression(0)
      this.#expect(']')
      return key
    }
    const token = this.#take()
    if (token.type !== 'name') throw this.#unexpected(token)
    return { type: 'constant', value: token.text }
  }

  #index(of: Tree): Tree {
    const from = this.#peek().text === ':' ? undefined : this.#expression(0)
    if (!this.#accept(':')) {
      this.#expect(']')
      return { type: 'member', of, key: from ?? { type: 'constant', value: null }, optional: false }
    }
    const to = this.#peek().text === ']' ? undefined : this.#expression(0)
    this.#expect(']')
    return { type: 'slice', of, ...(from && { from }), ...(to && { to }) }
  }

  #list(end: string): Tree[] {
    const elements: Tree[] = []
    while (!this.#accept(end)) {
      elements.push(this.#expression(0))
      if (!this.#accept(',') && this.#peek().text !== end) throw this.#unexpected()
    }
    return elements
  }

  #map(): Tree {
    const entries: [Tree, Tree][] = []
    while (!this.#accept('}')) {
      const key = this.#take()
      const isComputed = key.text === '(' && key.type === 'operator'
      const name: Tree = isComputed
        ? this.#expression(0)
        : { type: 'constant', value: key.type === 'string' ? stringValue(key.text) : key.text }
      if (isComputed) this.#expect(')')
      else if (key.type === 'operator' || key.type === 'end') throw this.#unexpected(key)
      this.#expect(':')
      entries.push([name, this.#expression(0)])
      if (!this.#accept(',') && this.#peek().text !== '}') throw this.#unexpected()
    }
    return { type: 'map', entries }
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { type: 'end', text: '', at: 0 }
  }

  #take(): Token {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #accept(text: string): boolean {
    if (this.#peek().type !== 'operator' || this.#peek().text !== text) return false
    this.#next += 1
    return true
  }

  #acceptWord(text: string): boolean {
    if (this.#peek().type !== 'name' || this.#peek().text !== text) return false
    this.#next += 1
    return true
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected()
  }

  #unexpected(token: Token = this.#peek()): ExpressionError {
    const what = token.type === 'end' ? 'the expression ends too early' : `unexpected ${token.text}`
    return new ExpressionError(`${what} at character ${token.at + 1}`)
  }
}

function numberValue(text: string): bigint | number {
  const plain = text.replaceAll('_', '')
  return /^(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.test(plain) ? BigInt(plain) : Number(plain)
}
