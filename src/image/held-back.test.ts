import { expect, test } from 'vitest'
import { heldBack, proposedConstraint } from './held-back.ts'
import { readRules } from './read-rules.ts'
import type { ImageSettings } from './rules.ts'

function ruleFor(constraint: string, settings: Partial<ImageSettings> = {}) {
  const { images, problems } = readRules([{ alias: 'web', image: `acme/web${constraint}`, ...settings }], {})
  const [rule] = images
  if (!rule) throw new Error(problems.join())
  return rule
}

function held(
  constraint: string,
  tags: string[],
  newest: string | undefined,
  more: { settings?: Partial<ImageSettings>; running?: string[] } = {},
) {
  const found = heldBack(ruleFor(constraint, more.settings), { tags, newest, running: more.running ?? [] })
  return found.map(({ version, by }) => `${version} ${by}`)
}

test('newer versions are held back by the range, by what filters tags, or by a platform that they lack', () => {
  const tags = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '3.0.0']
  expect(held(':^1', tags, '1.2.0')).toEqual(['3.0.0 range', '2.1.0 range', '2.0.0 range'])
  expect(held(':^2', tags, '2.0.0', { settings: { platforms: ['linux/arm64'] } })).toEqual([
    '3.0.0 range',
    '2.1.0 platforms',
  ])
  expect(held('', tags, '1.2.0', { settings: { allowTags: 'regexp:^1' } })[0]).toBe('3.0.0 allow-tags')
  expect(held('', tags, '2.1.0', { settings: { ignoreTags: ['3.*'] } })).toEqual(['3.0.0 ignore-tags'])
  expect(held('', tags, '3.0.0')).toEqual([])
})

test('what is spelt otherwise, built otherwise or not ready yet is not waited for', () => {
  const tags = ['1.2.0', '2', '2.0', '2.0.0', '2.1.0-rc.1', '2.0.0-alpine', '20260101', 'latest']
  expect(held(':^1', tags, '1.2.0')).toEqual(['2.0.0 range'])
  expect(held(':^1.0.0-0', tags, '1.2.0')).toEqual(['2.1.0-rc.1 range', '2.0.0 range'])
  expect(held(':1.2-alpine', ['1.2-alpine', '1.3', '1.3-alpine', '1.3-perl'], '1.2-alpine')).toEqual([
    '1.3-alpine range',
  ])
})

test('where nothing fits, what is newer than what runs is held back; else all there is', () => {
  const tags = ['1.0.0', '1.1.0', '1.2.0']
  expect(held(':^2', tags, undefined, { running: ['1.1.0'] })).toEqual(['1.2.0 range'])
  expect(held(':^2', tags, undefined)).toEqual(['1.2.0 range', '1.1.0 range', '1.0.0 range'])
})

test('strategies that know of no order hold nothing back, and twenty versions tell enough', () => {
  const tags = Array.from({ length: 30 }, (_, minor) => `2.${minor}.0`)
  expect(held(':latest', tags, 'latest', { settings: { strategy: 'digest' } })).toEqual([])
  expect(held('', tags, '2.0.0', { settings: { strategy: 'alphabetical' } })).toEqual([])
  expect(held(':^1', tags, '1.0.0')).toHaveLength(20)
})

test('a constraint that lets the newest in is of the form that somebody has written', () => {
  const proposal = (constraint: string, by: 'range' | 'ignore-tags' = 'range') =>
    proposedConstraint(ruleFor(constraint), [
      { version: '9.9.9', by: 'ignore-tags' },
      { version: '2.1.3', by },
    ])
  expect(proposal(':^1')).toBe('^2')
  expect(proposal(':~1.2')).toBe('~2.1')
  expect(proposal(':1.2.3')).toBe('2.1.3')
  expect(proposal(':^1', 'ignore-tags')).toBeUndefined()
  expect(proposal('')).toBeUndefined()
})
