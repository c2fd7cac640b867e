import { expect, test } from 'vitest'
import { isSameRepository, shownUrl } from './repository-url.ts'

test.each([
  ['https://git.example.com/A/b.git', 'https://git.example.com/a/b'],
  ['git@git.example.com:a/b.git', 'ssh://git@git.example.com/a/b'],
  ['https://ann:secret@git.example.com/a', 'https://ann@git.example.com/a'],
  ['https://ann:se@cret@git.example.com/a', 'https://ann@git.example.com/a'],
  ['oci://registry.example.com/charts', 'registry.example.com/charts'],
  ['https://charts.example.com/stable/', 'https://charts.example.com/stable'],
])('%s is the same repository as %s', (one, other) => {
  expect(isSameRepository(one, other)).toBe(true)
})

test.each([
  ['https://git.example.com/a', 'http://git.example.com/a'],
  ['https://git.example.com/a', 'https://git.example.com/ab'],
  ['https://charts', 'https://charts.git'],
  ['https://ann:secret@charts', 'https://ann:secret@charts.git'],
  ['oci://registry', 'registry.git'],
  ['https://ann@git.example.com/a', 'https://ann:443?@git.example.com/a'],
  ['https://ann@git.example.com/a', 'https://ann:x@git.example.com@evil.io/a'],
  ['', ''],
])('%s is not the same repository as %s', (one, other) => {
  expect(isSameRepository(one, other)).toBe(false)
})

test('a password in an address is not shown, and the user is', () => {
  expect(shownUrl('https://ann:secret@git.example.com:8443/a')).toBe('https://ann@git.example.com:8443/a')
  expect(shownUrl('https://ann:s@cr?t@git.example.com/a')).toBe('https://ann@git.example.com/a')
  expect(shownUrl('git@git.example.com:a/b')).toBe('git@git.example.com:a/b')
})
