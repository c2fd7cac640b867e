/** Compares an answer with the recorded one: equal in everything that is not volatile. */
import { parsePath, pathMatches } from './paths.ts'

export interface Comparison {
  /** Keys from the root of the trace down to the value that is compared. */
  at: string[]
  volatile: ReturnType<typeof parsePath>[]
  /** Only what was recorded must be there. */
  partial: boolean
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}

export function volatilePaths(paths: readonly string[]): Comparison['volatile'] {
  return paths.map(parsePath)
}

/** One line for each difference; none when the two agree. */
export function differences(expected: unknown, actual: unknown, comparison: Comparison): string[] {
  const { at, volatile, partial } = comparison
  const where = at.slice(4).join('.') || 'body'
  if (volatile.some((path) => pathMatches(path, at))) {
    return (expected === undefined) === (actual === undefined) ? [] : [`${where}: only one of the two has it`]
  }
  const below = (key: string) => ({ ...comparison, at: [...at, key] })
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length =
      expected.length === actual.length ? [] : [`${where}: ${expected.length} expected, got ${actual.length}`]
    const shared = expected.slice(0, actual.length)
    const extra = actual.slice(expected.length).map((item) => `${where}: unexpected item ${show(item)}`)
    return [
      ...length,
      ...shared.flatMap((item, index) => differences(item, actual[index], below(String(index)))),
      ...expected.slice(actual.length).map((item) => `${where}: missing item ${show(item)}`),
      ...extra,
    ]
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = partial ? Object.keys(expected) : [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
    return keys.flatMap((key) => differences(expected[key], actual[key], below(key)))
  }
  if (Object.is(expected, actual)) return []
  return [`${where}:\n      expected ${show(expected)}\n      got      ${show(actual)}`]
}
