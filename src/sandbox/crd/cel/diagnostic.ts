/** Errors of CEL expressions in the words of the server's own compiler and evaluator. */
import { EvaluationError, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js'

const operators: Record<string, string> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
  in: '@in',
}

type CelFault = ParseError | TypeFault | EvaluationError

function isCelFault(error: unknown): error is CelFault {
  return error instanceof ParseError || error instanceof TypeFault || error instanceof EvaluationError
}

/** The place and text of a compile error, such as `1:5: undefined field 'nope'`. */
function located(expression: string, fault: CelFault): [position: number, text: string] {
  const start = fault.range?.start ?? 0
  const [, key] = /^No such key: (.*)$/s.exec(fault.summary) ?? []
  if (key !== undefined) return [Math.max(0, expression.lastIndexOf('.', start)), `undefined field '${key}'`]
  const [, name] = /^Unknown variable: (.*)$/s.exec(fault.summary) ?? []
  if (name !== undefined) return [start, `undeclared reference to '${name}' (in container '')`]
  const [, left, operator = '', right] = /^no such overload: (\S+(?: \S+>)?) (\S+) (.*)$/s.exec(fault.summary) ?? []
  if (operators[operator]) {
    const at = expression.indexOf(operator, start)
    const text = `found no matching overload for '${operators[operator]}' applied to '(${left}, ${right})'`
    return [Math.max(0, at), text]
  }
  const call = /^found no matching overload for '(?:(.*)\.)?(\w+)\((.*)\)'$/s.exec(fault.summary)
  if (call) return ofCall(expression, start, call)
  return [start, fault instanceof ParseError ? `Syntax error: ${fault.summary}` : fault.summary]
}

const functions = new Set(
  `size has all exists exists_one map filter int uint double string bool bytes type dyn duration timestamp startsWith
  endsWith contains matches lowerAscii upperAscii trim indexOf lastIndexOf substring split join replace charAt find
  findAll isSorted sum min max reverse getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours
  getMinutes getSeconds getMilliseconds orValue or value hasValue`.split(/\s+/),
)

/** A call is marked at its parenthesis; a function that nobody knows is told from one with the wrong arguments. */
function ofCall(expression: string, start: number, call: RegExpExecArray): [position: number, text: string] {
  const [, receiver, name = '', types = ''] = call
  const open = new RegExp(`\\b${name}\\s*\\(`).exec(expression.slice(start))
  const position = open ? start + open.index + open[0].length - 1 : start
  if (!functions.has(name)) return [position, `undeclared reference to '${name}' (in container '')`]
  const applied = receiver === undefined ? `(${types})` : `${receiver}.(${types})`
  return [position, `found no matching overload for '${name}' applied to '${applied}'`]
}

/** Why an expression does not compile, with the line and a mark under the place. */
export function compileFault(expression: string, error: unknown): string {
  if (!isCelFault(error)) return `compilation failed: ${error instanceof Error ? error.message : String(error)}`
  const [position, text] = located(expression, error)
  const before = expression.slice(0, position).split('\n')
  const column = before.at(-1)?.length ?? 0
  const line = expression.split('\n')[before.length - 1] ?? ''
  const mark = `${'.'.repeat(column)}^`
  return `compilation failed: ERROR: <input>:${before.length}:${column + 1}: ${text}\n | ${line}\n | ${mark}`
}

/** Why an expression could not be evaluated. */
export function evaluationFault(error: unknown): string {
  const text = isCelFault(error) ? error.summary : error instanceof Error ? error.message : String(error)
  const [, index] = /index out of bounds, index (-?\d+)/.exec(text) ?? []
  if (index !== undefined) return `index out of bounds: ${index}`
  return text.replace(/^No such key: /, 'no such key: ')
}
