import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesGlob } from '../model/index.ts'
import { policyGlobMatcher } from './policy-glob.ts'

test.each([
  ['*', 'a/b', true],
  ['*/*', 'team/ns/app', true],
  ['*/*', 'team', false],
  ['team/*', 'team/prod/app', true],
  ['team/*', 'teams/app', false],
  ['*-prod', 'team/app-prod', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*a', 'a', false],
  ['ab*ba', 'aba', false],
  ['delete/*/Pod/*/*', 'delete//Pod/ns/name', true],
  ['{dev,stage}/*', 'stage/app', true],
  ['{dev,stage}/*', 'prod/app', false],
  ['{a,{b,c}d}', 'cd', true],
  ['{a,}x', 'x', true],
  ['a{b', 'ab', true],
  ['a}b,c', 'a}b,c', true],
  ['[abc]x', 'bx', true],
  ['[!abc]x', 'bx', false],
  ['[^abc]x', '^x', true],
  ['[a-c]x', 'bx', true],
  ['a?c', 'a/c', true],
  ['a?c', 'a😀c', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['', '', true],
  ['', 'x', false],
] as const)('%j against %j: %s', (pattern, text, expected) => {
  expect(policyGlobMatcher(pattern)(text)).toBe(expected)
})

test.each(['[', '[]', '[!]', '[z-a]', '[a-', '[abc', '[a-zA-Z]'])('%j is refused, as Argo CD refuses it', (pattern) => {
  expect(() => policyGlobMatcher(pattern)).toThrow()
})

const piece = fc.constantFrom('*', '?', 'a', 'b', '/', '{a,b}', '{a*,/}', '[ab]', '[!a]', '\\*')
const text = fc.array(fc.constantFrom('a', 'b', '/', '*'), { maxLength: 12 }).map((parts) => parts.join(''))

test('globs that both know mean the same as in projects and settings', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, other) => {
      const pattern = pieces.join('')
      expect(policyGlobMatcher(pattern)(other)).toBe(matchesGlob(pattern, other))
    }),
    { numRuns: 3000 },
  )
})

test('no glob makes a long text expensive', () => {
  const started = performance.now()
  policyGlobMatcher('*a'.repeat(300))('a'.repeat(2000))
  policyGlobMatcher(`${'{a,aa}'.repeat(100)}b`)('a'.repeat(2000))
  policyGlobMatcher(`${'*[ab]'.repeat(100)}c`)('ab'.repeat(1000))
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(() => policyGlobMatcher('{a,b}'.repeat(2000))).toThrow('too large')
})
