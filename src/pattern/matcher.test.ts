import fc from 'fast-check'
import { expect, test } from 'vitest'
import { regexMatcher } from './matcher.ts'

const piece = fc.constantFrom(
  'a', 'b', '/', '.', '[ab]', '[^a]', '[a-b/]', '\\w', '\\W', '\\d', '(a|b)', '(?:ab|)', '^', '$', '\\b', '|', '\\.', '1',
) // biome-ignore format: a list
const repeat = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{1,2}', '{2,}')
const source = fc
  .array(fc.tuple(piece, repeat), { maxLength: 6 })
  .map((parts) => parts.map(([one, times]) => (/^(\^|\$|\\b|\|)$/.test(one) ? one : one + times)).join(''))
const text = fc.array(fc.constantFrom('a', 'b', '/', '1', '.', '-'), { maxLength: 10 }).map((parts) => parts.join(''))

test('expressions that JavaScript knows too mean the same there', () => {
  fc.assert(
    fc.property(source, text, (expression, other) => {
      expect(regexMatcher(expression)(other)).toBe(new RegExp(expression).test(other))
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['team/.*', 'myteam/app', true],
  ['^team/.*$', 'myteam/app', false],
  ['(?i)TEAM', 'team', true],
  ['(?i:T)EAM', 'team', false],
  ['x(?i)TEAM', 'xteam', true],
  ['(?s)a.b', 'a\nb', true],
  ['a.b', 'a\nb', false],
  ['(?m)^b$', 'a\nb', true],
  ['\\Aa\\z', 'a', true],
  ['\\Qa.b\\E', 'axb', false],
  ['[[:alpha:]]+[[:^digit:]]', 'a-', true],
  ['^[]a]+$', 'a]', true],
  ['\\pL\\p{Greek}', 'aβ', true],
  ['\\x41\\x{42}\\103', 'ABC', true],
  ['(?P<name>a)(?<other>b)', 'ab', true],
  ['a{,2}', 'a{,2}', true],
  ['', '', true],
  ['\\Qab\\E*c', 'abbc', true],
  ['(?i)^[^k]$', '\u212a', false],
  ['^.{8,32}$', 'short', false],
  ['^.{8,32}$', 'long enough', true],
] as const)('%s against %j: %s', (expression, other, expected) => {
  expect(regexMatcher(expression)(other)).toBe(expected)
})

test.each([
  '*',
  '*/*',
  'a**',
  '+',
  '(',
  ')',
  'a)',
  '(?=a)',
  '(?<!a)',
  '[a',
  '[z-a]',
  '\\y',
  '\\1',
  'a{1001}',
  'a{2,1}',
  'a{2}{3}',
  '(?i-)a',
  '(?P<n>a)(?P<n>b)',
  '\\p{Nowhere}',
  '\\p{RGI_Emoji}',
  '[a-\\d]',
  '\\',
])('%j is refused, as Go refuses it', (expression) => {
  expect(() => regexMatcher(expression)).toThrow()
})

test('expressions that take exponential time elsewhere take next to none', () => {
  const started = performance.now()
  for (const expression of ['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    regexMatcher(expression)(`${'a'.repeat(2000)}!`)
  }
  expect(performance.now() - started).toBeLessThan(10_000)
  for (const expression of ['((a{1000}){1000}){1000}', '(?:(?:(?:){1000}){1000}){1000}', `[${'a'.repeat(20_000)}]`]) {
    expect(() => regexMatcher(expression)).toThrow('too large')
  }
})

test('no text makes the reader crash with anything but an Error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string(), (expression, other) => {
      try {
        expect(typeof regexMatcher(expression)(other)).toBe('boolean')
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
        expect((error as Error).name).toBe('Error')
      }
    }),
    { numRuns: 3000 },
  )
})
