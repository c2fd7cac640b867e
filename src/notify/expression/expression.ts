/** An expression of a trigger: compiled once, evaluated with any variables, within limits. */
import { Budget, GoTime, isDict, Native, TemplateFunction, type Value } from '../../template/index.ts'
import { limits, type Predicate } from './arguments.ts'
import { builtins } from './builtins.ts'
import { binary, nameOf } from './operators.ts'
import { parseExpression, type Tree } from './parser.ts'
import { ExpressionError } from './tokens.ts'

/** A chain that has met nil where it may. */
class EndOfChain extends Error {}

export class Expression {
  readonly #tree: Tree
  /** What it comes to may change with time alone. */
  readonly followsTime: boolean

  /** Throws an ExpressionError. */
  constructor(source: string) {
    this.#tree = parseExpression(source, { isBuiltin: (name) => Object.hasOwn(builtins, name) })
    this.followsTime = asksForTime(this.#tree)
  }

  /** Throws when a value is not what an operator or function needs, or when it takes too much. */
  evaluate(variables: Readonly<Record<string, Value>>): Value {
    return new Evaluation(variables).value(this.#tree)
  }
}

/** `now()`, `time.Now`, and `time` in any form that hides which of its functions is meant. */
function asksForTime(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  const tree = part as Partial<Tree>
  if (tree.type === 'name') return tree.name === 'time' || tree.name === '$env'
  if (tree.type === 'builtin' && tree.name === 'now') return true
  if (tree.type === 'member' && tree.of?.type === 'name' && tree.of.name === 'time' && tree.key?.type === 'constant') {
    return tree.key.value === 'Now'
  }
  return Object.values(part).some(asksForTime)
}

class Evaluation {
  readonly #variables: Readonly<Record<string, Value>>
  readonly #budget = new Budget(limits)
  #elements: { value: Value; index: Value; accumulator: Value }[] = []
  /** What `let` has named, the innermost last. */
  readonly #named: { name: string; value: Value }[] = []

  constructor(variables: Readonly<Record<string, Value>>) {
    this.#variables = variables
  }

  value(tree: Tree): Value {
    this.#budget.step()
    return this.#budget.nested(() => this.#value(tree))
  }

  #value(tree: Tree): Value {
    switch (tree.type) {
      case 'constant':
        return tree.value
      case 'name':
        return this.#variable(tree.name)
      case 'element':
        return this.#element(tree.part)
      case 'let':
        return this.#let(tree)
      case 'sequence':
        for (const one of tree.before) this.value(one)
        return this.value(tree.last)
      case 'chain':
        return this.#chain(tree.of)
      case 'member':
        return this.#member(tree)
      case 'slice':
        return this.#slice(tree)
      case 'call':
        return this.#call(tree)
      case 'builtin':
        return this.#builtin(tree)
      case 'unary':
        return this.#unary(tree)
      case 'binary':
        return this.#binary(tree)
      case 'condition':
        return this.value(this.#truth(tree.test) ? tree.yes : tree.no)
      case 'array':
        return tree.elements.map((element) => this.value(element))
      case 'map':
        return Object.fromEntries(tree.entries.map(([key, value]) => [String(this.value(key)), this.value(value)]))
    }
  }

  #variable(name: string): Value {
    const named = this.#named.findLast((one) => one.name === name)
    if (named) return named.value
    if (name === '$env') return this.#variables
    return Object.hasOwn(this.#variables, name) ? this.#variables[name] : null
  }

  #element(part: 'value' | 'index' | 'accumulator'): Value {
    const element = this.#elements.at(-1)
    if (!element) throw new ExpressionError('# stands for an element only within a function such as any')
    return element[part]
  }

  #let({ name, value, within }: Extract<Tree, { type: 'let' }>): Value {
    this.#named.push({ name, value: this.value(value) })
    try {
      return this.value(within)
    } finally {
      this.#named.pop()
    }
  }

  #chain(tree: Tree): Value {
    try {
      return this.value(tree)
    } catch (error) {
      if (error instanceof EndOfChain) return null
      throw error
    }
  }

  #member({ of, key, optional }: Extract<Tree, { type: 'member' }>): Value {
    const receiver = this.value(of)
    if (optional && (receiver === null || receiver === undefined)) throw new EndOfChain()
    return memberOf(receiver, this.value(key))
  }

  #slice({ of, from, to }: Extract<Tree, { type: 'slice' }>): Value {
    const value = this.value(of)
    if (typeof value !== 'string' && !Array.isArray(value))
      throw new ExpressionError(`${nameOf(value)} cannot be sliced`)
    return value.slice(from && Number(this.value(from)), to && Number(this.value(to)))
  }

  #call({ callee, args }: Extract<Tree, { type: 'call' }>): Value {
    const called = this.value(callee)
    if (!(called instanceof TemplateFunction)) throw new ExpressionError(`${nameOf(called)} is not a function`)
    return called.implementation(...args.map((argument) => this.value(argument)))
  }

  #builtin({ name, args, predicate }: Extract<Tree, { type: 'builtin' }>): Value {
    const builtin = builtins[name]
    if (!builtin) throw new ExpressionError(`unknown function ${name}`)
    const asked: Predicate = (value, index, accumulator) => {
      if (!predicate) return value
      this.#elements.push({ value, index: BigInt(index), accumulator: accumulator ?? null })
      const answer = this.value(predicate)
      this.#elements.pop()
      return answer
    }
    return builtin(
      args.map((argument) => this.value(argument)),
      { budget: this.#budget, predicate: asked, now: () => this.#now() },
    )
  }

  /** By the same clock as `time.Now`. */
  #now(): Value {
    const { time } = this.#variables
    const clock = isDict(time) ? time.Now : undefined
    return clock instanceof TemplateFunction ? clock.implementation() : GoTime.at(Date.now())
  }

  #unary({ operator, operand }: Extract<Tree, { type: 'unary' }>): Value {
    if (operator === 'not') return !this.#truth(operand)
    const value = this.value(operand)
    if (typeof value !== 'bigint' && typeof value !== 'number')
      throw new ExpressionError(`${operator} is not defined for ${nameOf(value)}`)
    return operator === '-' ? -value : value
  }

  #binary({ operator, left, right }: Extract<Tree, { type: 'binary' }>): Value {
    if (operator === 'and' || operator === '&&') return this.#truth(left) && this.#truth(right)
    if (operator === 'or' || operator === '||') return this.#truth(left) || this.#truth(right)
    if (operator === '??') return this.#chain(left) ?? this.value(right)
    return binary(operator, [this.value(left), this.value(right)], this.#budget)
  }

  #truth(tree: Tree): boolean {
    const value = this.value(tree)
    if (typeof value !== 'boolean') throw new ExpressionError(`true or false is needed, not ${nameOf(value)}`)
    return value
  }
}

function memberOf(receiver: Value, key: Value): Value {
  if (receiver instanceof Native) return receiver.member(String(key)) ?? null
  if (isDict(receiver)) return Object.hasOwn(receiver, String(key)) ? receiver[String(key)] : null
  if (Array.isArray(receiver) && typeof key === 'bigint') {
    const element = receiver.at(Number(key))
    if (element === undefined) throw new ExpressionError(`index ${key} is out of range`)
    return element
  }
  throw new ExpressionError(`cannot fetch ${String(key)} from ${nameOf(receiver)}`)
}
