import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesAny, matchesGlob } from './glob.ts'

test.each([
  ['*', 'a/b', undefined, true],
  ['team-*', 'team-a', undefined, true],
  ['https://git.example.com/*', 'https://git.example.com/team/repo', undefined, true],
  ['https://git.example.com/*', 'https://git.example.com/team/repo', '/', false],
  ['https://git.example.com/**', 'https://git.example.com/team/repo', '/', true],
  ['https://*.example.com/?', 'https://git.example.com/x', '/', true],
  ['{a,b*}-[0-9]', 'bcd-7', undefined, true],
  ['{a,b*}-[!0-9]', 'bcd-7', undefined, false],
  ['a.b', 'axb', undefined, false],
  ['a\\*', 'a*', undefined, true],
  ['a\\*', 'ab', undefined, false],
  ['(x)+', 'xx', undefined, false],
  ['{open', 'open', undefined, false],
  ['a/*/c', 'a/b/c', '/', true],
  ['a/*/c', 'a/b/b/c', '/', false],
  ['a/**/c', 'a/b/b/c', '/', true],
  ['a?c', 'a/c', '/', false],
  ['[]a-c]', ']', undefined, true],
  ['[c-]x', '-x', undefined, true],
  ['[open', '[open', undefined, true],
  ['{a,{b,c}?}', 'cd', undefined, true],
  ['?', '😀', undefined, true],
  ['[z-a]', 'b', undefined, false],
  ['', 'x', undefined, false],
] as const)('%s against %s (separator %s): %s', (pattern, text, separator, expected) => {
  expect(matchesGlob(pattern, text, separator)).toBe(expected)
})

test('a text without special characters matches itself alone, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const pattern = one.replace(/[\\*?[{]/g, '\\$&')
      expect(matchesGlob(pattern, one)).toBe(true)
      if (pattern !== '*') expect(matchesGlob(pattern, other)).toBe(one === other)
    }),
  )
})

test('a pattern between slashes is a regular expression, and one that cannot be read matches nothing', () => {
  expect(matchesAny(['/^((?!kube).)*$/'], 'team')).toBe(true)
  expect(matchesAny(['/^((?!kube).)*$/'], 'kube-system')).toBe(false)
  expect(matchesAny(['/(/'], 'x')).toBe(false)
  expect(matchesAny(['team-*', 'ops'], 'ops')).toBe(true)
})

test('no glob makes a long text expensive, whoever wrote it', () => {
  const started = performance.now()
  matchesGlob(`${'*a'.repeat(30)}b`, 'a'.repeat(2000))
  matchesGlob(`${'*[ab]'.repeat(30)}c`, 'a'.repeat(2000), '/')
  matchesGlob(`${'{a,*a}'.repeat(30)}**`, `${'a'.repeat(2000)}/`, '/')
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(matchesGlob('{a,b}'.repeat(2000), 'a'.repeat(2000))).toBe(false)
})
