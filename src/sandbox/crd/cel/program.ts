/** Compiles the rules of a schema (x-kubernetes-validations) and evaluates them. */
import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { Json } from '../../object.ts'
import type { JsonSchema, ValidationRule } from '../schema.ts'
import { declare, optional, withTypeAndMeta } from './declaration.ts'
import { compileFault } from './diagnostic.ts'
import { withHeld } from './held.ts'
import { registerLibrary, unplayed, withGoMatches } from './library.ts'

export interface Program {
  rule: ValidationRule
  usesOldSelf: boolean
  /** Undefined for a rule that calls functions which are not played here: it is not enforced. */
  evaluate?: (self: Json, old: Json | undefined) => unknown
  message?: (self: Json, old: Json | undefined) => unknown
  ast?: ASTNode
  /** Why it can't be compiled. */
  fault?: string
  messageFault?: string
}

interface Compiler {
  compile(expression: string): ParseResult
  convert(value: Json): unknown
}

const compiledRules = new WeakMap<JsonSchema, Program[]>()

/** The programs of a schema's own rules, compiled once; `isRoot` is true at the root of a resource. */
export function programsOf(schema: JsonSchema, isRoot: boolean): Program[] {
  const rules = schema['x-kubernetes-validations']
  if (!rules?.length) return []
  const known = compiledRules.get(schema)
  if (known) return known
  const programs = rules.map((rule) => compileRule(rule, isRoot ? withTypeAndMeta(schema) : schema))
  compiledRules.set(schema, programs)
  return programs
}

function compilerFor(schema: JsonSchema, optionalOldSelf: boolean): Compiler | undefined {
  const env = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
  registerLibrary(env)
  const declared = declare(env, schema, 'object')
  if (!declared) return undefined
  env.registerVariable('self', declared.type)
  env.registerVariable('oldSelf', optionalOldSelf ? `optional<${declared.type}>` : declared.type)
  return { compile: (expression) => env.parse(withGoMatches(withHeld(expression))), convert: declared.convert }
}

function compileRule(rule: ValidationRule, schema: JsonSchema): Program {
  const usesOldSelf = /\boldSelf\b/.test(rule.rule)
  const compiler = compilerFor(schema, rule.optionalOldSelf === true)
  if (!compiler) return { rule, usesOldSelf }
  const main = compileExpression(compiler, rule.rule, 'bool')
  const program: Program = { rule, usesOldSelf, fault: main.fault, ast: main.parsed?.ast }
  if (main.parsed) program.evaluate = runner(compiler, main.parsed, rule)
  if (rule.messageExpression) {
    const text = compileExpression(compiler, rule.messageExpression, 'string')
    program.messageFault = text.fault
    if (text.parsed) program.message = runner(compiler, text.parsed, rule)
  }
  return program
}

function runner(compiler: Compiler, parsed: ParseResult, rule: ValidationRule) {
  return (self: Json, old: Json | undefined): unknown => {
    const before = old === undefined ? undefined : compiler.convert(old)
    return parsed({ self: compiler.convert(self), oldSelf: rule.optionalOldSelf ? optional(before) : before })
  }
}

function compileExpression(
  compiler: Compiler,
  expression: string,
  wanted: 'bool' | 'string',
): { parsed?: ParseResult; fault?: string } {
  try {
    const parsed = compiler.compile(expression)
    const checked = parsed.check()
    if (checked.error) throw checked.error
    if (checked.type === wanted || checked.type?.startsWith('dyn')) return { parsed }
    return {
      fault:
        wanted === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string',
    }
  } catch (error) {
    return callsUnplayed(expression) ? {} : { fault: compileFault(expression, error) }
  }
}

/** Words of an expression outside its string literals. */
function callsUnplayed(expression: string): boolean {
  const words = expression.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '').match(/\w+(?=\s*[.(])/g) ?? []
  return words.some((word) => unplayed.has(word)) || /\.(all|exists)\(\s*\w+\s*,\s*\w+\s*,/.test(expression)
}
