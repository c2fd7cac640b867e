/** Walks the tree of a template and writes its output. */
import type { Budget } from '../budget.ts'
import type { Command, Expression, Node, Pipeline } from '../syntax/node.ts'
import { located, TemplateError } from '../template-error.ts'
import { textOf } from '../text/print.ts'
import { entry, isDict, isTrue, Native, sortedKeys, TemplateFunction, typeName, type Value } from '../value.ts'
import { type CallContext, callFunction } from './call.ts'

export type MissingKey = 'default' | 'zero' | 'error'

export interface Program {
  name: string
  source: string
  templates: ReadonlyMap<string, Node[]>
  functions: ReadonlyMap<string, TemplateFunction>
  missingKey: MissingKey
}

/** What stands in for "no further argument": null is one. */
const none = Symbol('none')

type Flow = 'break' | 'continue' | undefined

export class Evaluator {
  readonly #program: Program
  readonly #context: CallContext
  readonly #budget: Budget
  #output: string[] = []
  #variables: { name: string; value: Value }[] = []
  #at = 0

  constructor(program: Program, context: CallContext) {
    this.#program = program
    this.#context = context
    this.#budget = context.budget
  }

  render(data: Value): string {
    try {
      this.#execute(this.#program.name, data)
    } catch (error) {
      throw this.#explained(error)
    }
    return this.#output.join('')
  }

  #explained(error: unknown): unknown {
    const where = located(this.#program.source, { name: this.#program.name, offset: this.#at })
    if (error instanceof TemplateError) {
      return new TemplateError(`${where}: ${error.message}`, { isLimit: error.isLimit, cause: error.cause })
    }
    if (error instanceof RangeError) {
      return new TemplateError(`${where}: the template is nested too deeply`, { isLimit: true, cause: error })
    }
    return error
  }

  #execute(name: string, data: Value): void {
    const body = this.#program.templates.get(name)
    if (!body) throw new TemplateError(`template "${name}" not defined`)
    const around = this.#variables
    this.#variables = [{ name: '$', value: data }]
    this.#budget.nested(() => this.#list(body, data))
    this.#variables = around
  }

  #list(nodes: Node[], dot: Value): Flow {
    for (const node of nodes) {
      const flow = this.#node(node, dot)
      if (flow) return flow
    }
    return undefined
  }

  #node(node: Node, dot: Value): Flow {
    this.#budget.step()
    this.#at = node.at
    switch (node.type) {
      case 'text':
        return this.#write(node.text)
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot)
        if (node.pipeline.variables.length === 0) this.#write(this.#printed(value))
        return undefined
      }
      case 'if':
      case 'with':
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot)
          if (!isTrue(value)) return this.#list(node.otherwise, dot)
          return this.#list(node.body, node.type === 'with' ? value : dot)
        })
      case 'range':
        return this.#scoped(() => this.#range(node, dot))
      case 'template':
        this.#execute(node.name, node.pipeline && this.#pipeline(node.pipeline, dot))
        return undefined
      case 'break':
      case 'continue':
        return node.type
    }
  }

  #write(text: string): undefined {
    this.#budget.text(text.length)
    this.#output.push(text)
  }

  #printed(value: Value): string {
    if (value === undefined || value === null) return '<no value>'
    if (value instanceof TemplateFunction) throw new TemplateError("can't print a function")
    return textOf(value, this.#budget)
  }

  #scoped(work: () => Flow): Flow {
    const visible = this.#variables.length
    const flow = this.#budget.nested(work)
    this.#variables.length = visible
    return flow
  }

  #range(node: Extract<Node, { type: 'if' | 'with' | 'range' }>, dot: Value): Flow {
    const { variables, assigns, commands } = node.pipeline
    const value = this.#pipeline({ ...node.pipeline, variables: [], commands }, dot)
    let rounds = 0
    const visible = this.#variables.length
    for (const [key, element] of this.#elements(value)) {
      rounds += 1
      this.#budget.step()
      this.#variables.length = visible
      const [first, second] = variables
      const only = second === undefined ? (typeof value === 'bigint' ? key : element) : key
      if (first !== undefined) this.#set(first, only, assigns)
      if (second !== undefined) this.#set(second, element, assigns)
      if (this.#list(node.body, element) === 'break') break
    }
    this.#variables.length = visible
    return rounds === 0 ? this.#list(node.otherwise, dot) : undefined
  }

  #elements(value: Value): Iterable<[Value, Value]> {
    if (Array.isArray(value)) return pairs(value)
    if (isDict(value)) return sortedKeys(value).map((key): [Value, Value] => [key, value[key] ?? null])
    if (typeof value === 'bigint') return counted(value)
    if (value === undefined || value === null) return []
    throw new TemplateError(`range can't iterate over ${textOf(value, this.#budget)}`)
  }

  #set(name: string, value: Value, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast((variable) => variable.name === name) : undefined
    if (known) known.value = value
    else this.#variables.push({ name, value })
  }

  /** What is null at the end of a pipeline counts as missing from then on, as in Go. */
  #pipeline(pipeline: Pipeline, dot: Value): Value {
    this.#at = pipeline.at
    let value: Value | typeof none = none
    for (const command of pipeline.commands) {
      value = this.#command(command, dot, value)
      if (value === null) value = undefined
    }
    const result = value === none ? undefined : value
    for (const name of pipeline.variables) this.#set(name, result, pipeline.assigns)
    return result
  }

  #command({ args, at }: Command, dot: Value, final: Value | typeof none): Value {
    this.#budget.step()
    this.#at = at
    const [first, ...others] = args
    if (!first) throw new TemplateError('missing value for command')
    const hasArguments = others.length > 0 || final !== none
    switch (first.type) {
      case 'function':
        return this.#function(first.name, { others, dot, final })
      case 'field':
        return this.#fields(dot, first.names, { others, dot, final })
      case 'variable':
        if (first.names.length > 0) return this.#fields(this.#variable(first.name), first.names, { others, dot, final })
        break
      case 'chain':
        return this.#fields(this.#expression(first.of, dot), first.names, { others, dot, final })
      case 'nil':
        throw new TemplateError('nil is not a command')
    }
    if (hasArguments) throw new TemplateError("can't give argument to non-function")
    return this.#expression(first, dot)
  }

  #expression(expression: Expression, dot: Value): Value {
    this.#budget.step()
    const alone = { others: [], dot, final: none as typeof none }
    switch (expression.type) {
      case 'dot':
        return dot
      case 'nil':
        return null
      case 'constant':
        return expression.value
      case 'field':
        return this.#fields(dot, expression.names, alone)
      case 'variable':
        return this.#fields(this.#variable(expression.name), expression.names, alone)
      case 'chain':
        return this.#fields(this.#expression(expression.of, dot), expression.names, alone)
      case 'function':
        return this.#function(expression.name, alone)
      case 'pipeline':
        return this.#budget.nested(() => this.#pipeline(expression.pipeline, dot))
    }
  }

  #variable(name: string): Value {
    const variable = this.#variables.findLast((known) => known.name === name)
    if (!variable) throw new TemplateError(`undefined variable: ${name}`)
    return variable.value
  }

  /** Only the last of the names may be a method with arguments. */
  #fields(start: Value, names: string[], given: Arguments): Value {
    let value = start
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1
      value = this.#field(value, name, isLast ? given : { others: [], dot: given.dot, final: none })
    }
    return value
  }

  #field(receiver: Value, name: string, given: Arguments): Value {
    const hasArguments = given.others.length > 0 || given.final !== none
    if (receiver === undefined) {
      if (this.#program.missingKey === 'error') throw new TemplateError(`nil data; no entry for key "${name}"`)
      return undefined
    }
    if (receiver === null) throw new TemplateError(`nil pointer evaluating interface {}.${name}`)
    if (receiver instanceof Native) {
      const member = receiver.member(name)
      if (member instanceof TemplateFunction) return this.#call({ name, function: member }, given)
      if (member !== undefined && !hasArguments) return member
    }
    if (!isDict(receiver)) throw new TemplateError(`can't evaluate field ${name} in type ${typeName(receiver)}`)
    if (hasArguments) throw new TemplateError(`${name} is not a method but has arguments`)
    const value = entry(receiver, name)
    if (value !== undefined || this.#program.missingKey === 'default') return value
    if (this.#program.missingKey === 'error') throw new TemplateError(`map has no entry for key "${name}"`)
    return null
  }

  #function(name: string, given: Arguments): Value {
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, given)
    const called = this.#program.functions.get(name)
    if (!called) throw new TemplateError(`function "${name}" not defined`)
    return this.#call({ name, function: called }, given)
  }

  #call(called: { name: string; function: TemplateFunction }, { others, dot, final }: Arguments): Value {
    const args = others.map((argument) => this.#expression(argument, dot))
    if (final !== none) args.push(final)
    return callFunction(called, args, this.#context)
  }

  /** Arguments behind the one that decides are not evaluated. */
  #shortCircuit(name: 'and' | 'or', { others, dot, final }: Arguments): Value {
    if (others.length === 0 && final === none) {
      throw new TemplateError(`wrong number of args for ${name}: want at least 1 got 0`)
    }
    let value: Value
    for (const argument of others) {
      value = this.#expression(argument, dot)
      if (isTrue(value) === (name === 'or')) return value
    }
    return final === none ? value : final
  }
}

interface Arguments {
  others: Expression[]
  dot: Value
  final: Value | typeof none
}

function* pairs(list: Value[]): Generator<[Value, Value]> {
  for (let index = 0; index < list.length; index += 1) yield [BigInt(index), list[index] ?? null]
}

function* counted(end: bigint): Generator<[Value, Value]> {
  for (let index = 0n; index < end; index += 1n) yield [index, index]
}
