import { expect, test } from 'vitest'
import { parseGivenJson } from './given-json.ts'

const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`

test('what is meant is read, however wide, and what only exhausts the stack is not', () => {
  expect(() => parseGivenJson(nested(500))).not.toThrow()
  expect(() => parseGivenJson(nested(502))).toThrow('more than 500 levels deep')
  expect(() => parseGivenJson('['.repeat(1_000_000))).toThrow('levels deep')
  expect(parseGivenJson(`[${'[],'.repeat(1000)}[]]`)).toHaveLength(1001)
})

test('brackets in texts are no levels', () => {
  const text = '['.repeat(1000)
  expect(parseGivenJson(JSON.stringify({ text, escaped: `"\\"${text}` }))).toEqual({ text, escaped: `"\\"${text}` })
  expect(() => parseGivenJson(`{"a": "${text}`)).toThrow(SyntaxError)
  const long = 'x'.repeat(8_000_000)
  expect(parseGivenJson(`"${long}"`)).toBe(long)
})
