import { expect, test } from 'vitest'
import { isAsGood, ranked } from './choose.ts'
import { readRules } from './read-rules.ts'
import type { ImageSettings } from './rules.ts'

function rule(constraint: string, settings: Partial<ImageSettings> = {}) {
  const image = constraint === '' ? 'acme/web' : `acme/web:${constraint}`
  const { images, problems } = readRules([{ alias: 'web', image, ...settings }], {})
  const [read] = images
  if (!read) throw new Error(problems.join())
  return read
}

const never = () => undefined

const tags = ['1.0.0', '1.2.0', '1.10.1', '2.0.0', '2.1.0-rc.1', 'latest', 'v1.9', 'main-abc']

test.each([
  ['', '2.0.0'],
  ['^1', '1.10.1'],
  ['1.x', '1.10.1'],
  ['~1.2', '1.2.0'],
  ['>=1.0 <1.10', 'v1.9'],
  ['1.2.0', '1.2.0'],
  ['1.2', '1.2.0'],
  ['>=2.0.0-0', '2.1.0-rc.1'],
  ['^3', undefined],
])('semver with the constraint %j chooses %s', (constraint, expected) => {
  expect(ranked(rule(constraint), tags, never)[0]).toBe(expected)
})

test('tags that are not allowed, or ignored, are not chosen', () => {
  expect(ranked(rule('', { allowTags: 'regexp:^v' }), tags, never)).toEqual(['v1.9'])
  expect(ranked(rule('', { ignoreTags: ['2.*', 'v?.[0-9]'] }), tags, never)[0]).toBe('1.10.1')
})

test('a pattern that takes others for ever is over soon', () => {
  const evil = rule('', { allowTags: 'regexp:^(a+)+$', ignoreTags: ['*a*a*a*a*a*a*a*a*a*a*b'] })
  const begun = performance.now()
  ranked(evil, Array(50).fill(`${'a'.repeat(127)}!`), never)
  expect(performance.now() - begun).toBeLessThan(2000)
})

test('the newest build is that which was built last, and what was built at an unknown time is none', () => {
  const times: Record<string, number> = { one: 3, two: 7, three: 7, '1.0.0': 1 }
  expect(
    ranked(rule('', { strategy: 'latest' }), ['one', 'two', 'three', 'four', '1.0.0'], (tag) => times[tag]),
  ).toEqual(['two', 'three', 'one', '1.0.0'])
})

test('alphabetical chooses the last one', () => {
  expect(ranked(rule('', { strategy: 'name' }), ['2024-01-09', '2024-11-01', '2024-02-01'], never)[0]).toBe(
    '2024-11-01',
  )
})

test('digest follows its tag alone', () => {
  expect(ranked(rule('main', { strategy: 'digest' }), ['main', 'mainly', 'v1'], never)).toEqual(['main'])
})

test.each([
  ['^1', {}, '1.2.0', '1.3.0', false],
  ['^1', {}, '1.3.0', '1.2.0', true],
  // Out of the range: the range decides.
  ['^1', {}, '2.0.0', '1.2.0', false],
  ['^1', {}, 'main', '1.2.0', false],
  ['^1', { ignoreTags: ['1.3.0'] }, '1.3.0', '1.2.0', false],
  ['', {}, '1.2', '1.2.0', true],
  ['', { strategy: 'alphabetical' }, 'b', 'a', true],
  ['main', { strategy: 'digest' }, 'old', 'main', false],
])('with %j and %j, what runs (%s) is as good as %s: %s', (constraint, settings, running, best, expected) => {
  expect(isAsGood(rule(constraint, settings), { running, best }, never)).toBe(expected)
})

test('a build that is gone from the registry stays as long as none is newer', () => {
  const newest = rule('', { strategy: 'newest-build' })
  const times: Record<string, number> = { gone: 5, old: 3, newer: 7 }
  const builtAt = (tag: string) => times[tag]
  expect(isAsGood(newest, { running: 'gone', best: 'old' }, builtAt)).toBe(true)
  expect(isAsGood(newest, { running: 'gone', best: 'newer' }, builtAt)).toBe(false)
  expect(isAsGood(newest, { running: 'never seen', best: 'old' }, builtAt)).toBe(false)
})
