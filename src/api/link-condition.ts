/** The part of the language expr that conditions of links are written in: comparisons of fields, joined by and, or, not. */
import { type LinkData, LinkError, member } from './link-value.ts'

/** Throws LinkError for what it does not know, and for a condition that is neither true nor false. */
export function meetsCondition(condition: string, data: LinkData): boolean {
  if (condition.length > mostCharacters) throw new LinkError(`it is longer than ${mostCharacters} characters`)
  const tokens = tokensOf(condition)
  const parser: Parser = { tokens, at: 0, depth: 0 }
  const evaluate = parseOr(parser)
  const rest = tokens[parser.at]
  if (rest) throw new LinkError(`${JSON.stringify(rest.text)} is not understood there`)
  return truth(evaluate(data), 'it')
}

const mostCharacters = 4096
const deepest = 50

interface Token {
  kind: 'text' | 'number' | 'name' | 'sign'
  text: string
}

type Evaluate = (data: LinkData) => unknown

interface Parser {
  tokens: Token[]
  at: number
  depth: number
}

const pattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|(==|!=|&&|\|\||\?\.|[!.()[\],])|(\S))/y

function tokensOf(condition: string): Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(condition); match; match = pattern.exec(condition)) {
    const [, double, single, raw, number, name, sign, stray] = match
    if (stray !== undefined) throw new LinkError(`${JSON.stringify(stray)} is not supported`)
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') })
    else if (raw !== undefined) tokens.push({ kind: 'text', text: raw })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  return tokens
}

function peek({ tokens, at }: Parser, ...texts: string[]): string | undefined {
  const token = tokens[at]
  return token && token.kind !== 'text' && texts.includes(token.text) ? token.text : undefined
}

function accept(parser: Parser, ...texts: string[]): string | undefined {
  const found = peek(parser, ...texts)
  if (found !== undefined) parser.at++
  return found
}

function expect(parser: Parser, text: string): void {
  if (accept(parser, text) === undefined) throw new LinkError(`"${text}" is missing`)
}

function truth(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw new LinkError(`${what} is neither true nor false`)
  return value
}

function parseOr(parser: Parser): Evaluate {
  if (++parser.depth > deepest) throw new LinkError('it is nested too deep')
  const sides = [parseAnd(parser)]
  while (accept(parser, '||', 'or')) sides.push(parseAnd(parser))
  parser.depth--
  const [only] = sides
  return sides.length === 1 && only ? only : (data) => sides.some((side) => truth(side(data), 'a side of ||'))
}

function parseAnd(parser: Parser): Evaluate {
  const sides = [parseComparison(parser)]
  while (accept(parser, '&&', 'and')) sides.push(parseComparison(parser))
  const [only] = sides
  return sides.length === 1 && only ? only : (data) => sides.every((side) => truth(side(data), 'a side of &&'))
}

const comparisons: Record<string, (left: unknown, right: unknown) => boolean> = {
  '==': isSame,
  '!=': (left, right) => !isSame(left, right),
  in: isIn,
  contains: (left, right) => asText(left, 'contains').includes(asText(right, 'contains')),
  startsWith: (left, right) => asText(left, 'startsWith').startsWith(asText(right, 'startsWith')),
  endsWith: (left, right) => asText(left, 'endsWith').endsWith(asText(right, 'endsWith')),
}

function parseComparison(parser: Parser): Evaluate {
  let left = parseUnary(parser)
  for (;;) {
    const isNegated = parser.tokens[parser.at + 1]?.text === 'in' && accept(parser, 'not') !== undefined
    const compare = comparisons[accept(parser, ...Object.keys(comparisons)) ?? '']
    if (!compare) return left
    const first = left
    const right = parseUnary(parser)
    left = (data) => compare(first(data), right(data)) !== isNegated
  }
}

function parseUnary(parser: Parser): Evaluate {
  let negations = 0
  while (accept(parser, '!', 'not')) negations++
  const operand = parsePrimary(parser)
  return negations === 0 ? operand : (data) => truth(operand(data), 'what ! stands before') === (negations % 2 === 0)
}

const constants = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['nil', null],
])

function parsePrimary(parser: Parser): Evaluate {
  const token = parser.tokens[parser.at++]
  if (!token) throw new LinkError('it ends too early')
  if (token.kind === 'text') return () => token.text
  if (token.kind === 'number') return () => Number(token.text)
  if (token.kind === 'name')
    return constants.has(token.text) ? () => constants.get(token.text) : parseField(parser, token.text)
  if (token.text === '(') {
    const inner = parseOr(parser)
    expect(parser, ')')
    return inner
  }
  if (token.text === '[') return parseList(parser)
  throw new LinkError(`${JSON.stringify(token.text)} is not understood there`)
}

function parseList(parser: Parser): Evaluate {
  const items: Evaluate[] = []
  while (!peek(parser, ']')) {
    items.push(parseOr(parser))
    if (!accept(parser, ',')) break
  }
  expect(parser, ']')
  return (data) => items.map((item) => item(data))
}

/** `app.metadata.labels["a/b"]`, and `app?.metadata` where there may be nothing to have fields. */
function parseField(parser: Parser, name: string): Evaluate {
  let value: Evaluate = (data) => member(data, name, 'the data')
  let path = name
  for (;;) {
    const sign = accept(parser, '.', '?.', '[')
    if (sign === undefined) return value
    const key = sign === '[' ? parseKey(parser) : nameOf(parser.tokens[parser.at++])
    const owner = value
    const ownerPath = path
    value = (data) => {
      const found = owner(data)
      return sign === '?.' && (found === undefined || found === null) ? null : member(found, key, ownerPath)
    }
    path += typeof key === 'number' ? `[${key}]` : `.${key}`
  }
}

function parseKey(parser: Parser): string | number {
  const token = parser.tokens[parser.at++]
  if (token?.kind !== 'text' && token?.kind !== 'number') throw new LinkError('a key in brackets has to be in quotes')
  expect(parser, ']')
  return token.kind === 'number' ? Number(token.text) : token.text
}

function nameOf(token: Token | undefined): string {
  if (token?.kind !== 'name') throw new LinkError('a field has no name')
  return token.text
}

/** What is missing is nil. */
function isSame(left: unknown, right: unknown): boolean {
  return (left ?? null) === (right ?? null)
}

/** Among the items of a list, or the keys of an object. */
function isIn(item: unknown, of: unknown): boolean {
  if (Array.isArray(of)) return of.some((each) => isSame(each, item))
  if (typeof of === 'object' && of !== null) return Object.hasOwn(of, asText(item, 'in'))
  if (of === undefined || of === null) return false
  throw new LinkError('"in" needs a list or an object on its right')
}

function asText(value: unknown, operator: string): string {
  if (typeof value !== 'string') throw new LinkError(`"${operator}" compares texts only`)
  return value
}
