import { expect, test } from 'vitest'
import { unifiedDiff } from './unified-diff.ts'

test('texts that are the same have no difference', () => expect(unifiedDiff('a\nb', 'a\nb')).toBe(''))

test('a change stands between up to three lines on each side', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
  const after = before.map((line) => (line === '5' ? 'five' : line))
  expect(unifiedDiff(before.join('\n'), after.join('\n'))).toBe('@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n')
})

test('changes far from each other stand in hunks of their own', () => {
  const lines = Array.from({ length: 20 }, (_, index) => String(index))
  const changed = lines.map((line) => (line === '1' || line === '18' ? `${line}!` : line))
  expect(unifiedDiff(lines.join('\n'), changed.join('\n')).match(/^@@.*@@$/gm)).toEqual([
    '@@ -1,5 +1,5 @@',
    '@@ -16,5 +16,5 @@',
  ])
})
