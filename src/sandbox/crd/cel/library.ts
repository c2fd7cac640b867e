/** The functions that Kubernetes adds to CEL, as far as the evaluator lacks them. */
import type { Environment } from '@marcbachmann/cel-js'
import { goRegExp } from '../go-regexp.ts'
import { equal } from './declaration.ts'

type Handler = (...values: never[]) => unknown

function compare(left: string | number | bigint, right: string | number | bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function extreme(list: (string | number | bigint)[], sign: 1 | -1, name: string): unknown {
  const [first, ...rest] = list
  if (first === undefined) throw new RangeError(`${name} called on empty list`)
  return rest.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best), first)
}

function sorted(list: (string | number | bigint)[]): boolean {
  return list.every((value, index) => index === 0 || compare(list[index - 1] ?? value, value) <= 0)
}

function sum(list: (number | bigint)[], zero: number | bigint): number | bigint {
  return list.reduce(
    (total, value) => (typeof total === 'bigint' ? total + BigInt(value) : total + Number(value)),
    zero,
  )
}

function characterAt(text: string, index: bigint): string {
  const characters = [...text]
  if (index < 0n || index > BigInt(characters.length)) throw new RangeError(`index out of range: ${index}`)
  return characters[Number(index)] ?? ''
}

const numeric: [type: string, zero: number | bigint][] = [
  ['int', 0n],
  ['double', 0],
]

const functions: Record<string, Handler> = {
  'list<A>.indexOf(A): int': (list: unknown[], value: unknown) => BigInt(list.findIndex((one) => equal(one, value))),
  'list<A>.lastIndexOf(A): int': (list: unknown[], value: unknown) =>
    BigInt(list.findLastIndex((one) => equal(one, value))),
  'string.find(string): string': (text: string, pattern: string) => goRegExp(pattern).exec(text)?.[0] ?? '',
  'string.findAll(string): list<string>': (text: string, pattern: string) =>
    [...text.matchAll(new RegExp(goRegExp(pattern), 'g'))].map((match) => match[0]),
  'string.goMatches(string): bool': (text: string, pattern: string) => goRegExp(pattern).test(text),
  'string.charAt(int): string': characterAt,
  'string.replace(string, string): string': (text: string, from: string, to: string) => text.replaceAll(from, to),
  'string.reverse(): string': (text: string) => [...text].reverse().join(''),
}

/** Makes the functions known to `env`. */
export function registerLibrary(env: Environment): void {
  for (const [signature, handler] of Object.entries(functions)) {
    env.registerFunction(signature, handler as (...values: unknown[]) => unknown)
  }
  for (const type of ['int', 'double', 'string', 'bool']) {
    env.registerFunction(`list<${type}>.isSorted(): bool`, sorted)
    env.registerFunction(`list<${type}>.min(): ${type}`, (list) => extreme(list, -1, 'min'))
    env.registerFunction(`list<${type}>.max(): ${type}`, (list) => extreme(list, 1, 'max'))
  }
  for (const [type, zero] of numeric) {
    env.registerFunction(`list<${type}>.sum(): ${type}`, (list) => sum(list, zero))
  }
}

/** Functions of Kubernetes' CEL that are not played; a rule that calls one is not enforced. */
export const unplayed = new Set(
  `quantity isQuantity ip isIP cidr isCIDR url isURL semver isSemver format sets math named validate transformList
  transformMap transformMapEntry base64 strings quote asApproximateFloat jsonpatch authorizer`.split(/\s+/),
)

/** The evaluator's own matches() knows the patterns of JavaScript only. */
export function withGoMatches(expression: string): string {
  return expression.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\.\s*matches\s*\(/g, (part) =>
    part.startsWith('.') ? '.goMatches(' : part,
  )
}
