import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pattern } from './pattern.ts'

const free = (): void => {}

function found(source: string, text: string): (string | undefined)[] | undefined {
  const slots = new Pattern(source).exec(text, 0, free)
  if (!slots) return undefined
  return Array.from({ length: slots.length / 2 }, (_, group) => {
    const [begin = -1, end] = slots.slice(2 * group)
    return begin < 0 ? undefined : text.slice(begin, end)
  })
}

test.each([
  ['(a+)(b*)', 'xaab', ['aab', 'aa', 'b']],
  ['(a)|(b)', 'b', ['b', undefined, 'b']],
  ['a|ab', 'ab', ['a']],
  ['(a+?)(a*)', 'aaa', ['aaa', 'a', 'aa']],
  ['(?U)(a+)(a*)', 'aaa', ['a', 'a', '']],
  ['(?:(a)|b)*', 'ab', ['ab', 'a']],
  ['(😀|.)$', 'a😀', ['😀', '😀']],
  ['\\bb', 'ab b', ['b']],
] as const)('%s in %j: %j', (expression, text, expected) => {
  expect(found(expression, text)).toEqual(expected)
})

const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '(?:a|b)', '(?:a|ab)', '^', '$', '\\b', '|', '1')
const repeat = fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{1,2}?')
const source = fc
  .array(fc.tuple(piece, repeat), { maxLength: 6 })
  .map((parts) => parts.map(([one, times]) => (/^(\^|\$|\\b|\|)$/.test(one) ? one : one + times)).join(''))
const text = fc.array(fc.constantFrom('a', 'b', '1', '-'), { maxLength: 10 }).map((parts) => parts.join(''))

test('expressions that JavaScript knows too find the same there, and are found where there is something to find', () => {
  fc.assert(
    fc.property(source, text, (expression, other) => {
      const expected = new RegExp(expression).exec(other)
      const pattern = new Pattern(expression)
      expect(pattern.exec(other, 0, free)).toEqual(
        expected ? [expected.index, expected.index + expected[0].length] : undefined,
      )
      expect(pattern.test(other, free)).toBe(expected !== null)
    }),
    { numRuns: 5000 },
  )
})

test('all matches, replaced and split as in Go', () => {
  const pattern = new Pattern('(?P<letter>a)(b?)')
  const text = 'ab-a'
  expect(pattern.all(text, { count: free }).map(([begin, end]) => text.slice(begin, end))).toEqual(['ab', 'a'])
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how Go writes it
  expect(pattern.replaceAll(text, (match) => pattern.expand('${letter}$2$$', match, text), free)).toBe('ab$-a$')
  expect(pattern.split(text, -1, free)).toEqual(['', '-', ''])
  expect(new Pattern('x*').all('axb', { count: free })).toEqual([
    [0, 0],
    [1, 2],
    [3, 3],
  ])
})

test('work is counted, with groups or without', () => {
  function limited(): (steps: number) => void {
    let left = 1000
    return (steps) => {
      left -= steps
      if (left < 0) throw new Error('enough')
    }
  }
  const pattern = new Pattern('(a?){50}c')
  expect(() => pattern.test('a'.repeat(500), limited())).toThrow('enough')
  expect(() => pattern.exec('a'.repeat(500), 0, limited())).toThrow('enough')
  // What was left behind by a search that was stopped is nothing to the next one.
  expect(pattern.test('aac', free)).toBe(true)
  expect(pattern.test('aab', free)).toBe(false)
})

test('what cannot be read is said in the words of Go, with the expression', () => {
  expect(() => new Pattern('a(?=b)')).toThrow(/^error parsing regexp: .*: `a\(\?=b\)`$/)
  expect(() => new Pattern('(a{1000}){1000}')).toThrow('error parsing regexp: expression too large')
})
