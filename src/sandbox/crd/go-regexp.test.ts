import { expect, test } from 'vitest'
import { goRegExp } from './go-regexp.ts'

test.each<[pattern: string, text: string, matches: boolean]>([
  ['^(?i)(abort|warn)?$', 'WARN', true],
  ['^((?i)sun|mon)day$', 'MONday', true],
  ['^((?i)sun|mon)day$', 'monDAY', false],
  ['^(?i:a)b$', 'Ab', true],
  ['^(?i:a)b$', 'AB', false],
  ['(?i)^[a-f]+$', 'aBcF', true],
  ['^[[:alpha:]_]+$', 'a_B', true],
  ['^[[:alpha:]_]+$', 'a1', false],
  ['(?s)^a.b$', 'a\nb', true],
  ['^a.b$', 'a\nb', false],
  ['^\\pL+\\z', 'ä', true],
  ['^(?P<name>x)$', 'x', true],
  ['^[\\w\\-]+$', 'a-b', true],
  ['^[][]$', ']', true],
  ['^https?://[^\\s/]+$', 'https://a', true],
])('%s on %s: %s', (pattern, text, matches) => {
  expect(goRegExp(pattern).test(text)).toBe(matches)
})

test('what is no pattern is refused', () => {
  expect(() => goRegExp('a(b')).toThrow(SyntaxError)
  expect(() => goRegExp('[a')).toThrow(SyntaxError)
})
