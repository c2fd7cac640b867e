import { expect, test } from 'vitest'
import type { Finding } from './finding.ts'
import { readRules } from './read-rules.ts'
import { recalled } from './recalled.ts'
import type { ImageSettings } from './rules.ts'

function ruleOf(settings: Partial<ImageSettings> = {}) {
  const [rule] = readRules([{ alias: 'web', image: 'acme/web:^1', ...settings }], {}).images
  if (!rule) throw new Error('it is a rule')
  return rule
}
const running = (...images: string[]) => ({ status: { summary: { images } } })
const found = (more: Partial<Finding>): Finding[] => [
  {
    alias: 'web',
    image: 'acme/web',
    strategy: 'semver',
    constraint: '^1',
    running: ['1.0'],
    state: 'outdated',
    ...more,
  },
]
const stateOf = (images: string[], known: Finding[], settings?: Partial<ImageSettings>) =>
  recalled(running(...images), ruleOf(settings), known).state

test('what the last look found stands beside what runs now', () => {
  const known = found({ newest: '1.2', heldBack: [{ version: '2.0', by: 'range' }], proposal: '^2' })
  expect(recalled(running('acme/web:1.1'), ruleOf(), known)).toEqual({ ...known[0], running: ['1.1'] })
})

test('a registry that was not asked is told of with no state', () => {
  const now = { alias: 'web', image: 'acme/web', strategy: 'semver', constraint: '^1', running: ['1.0'] }
  expect(recalled(running('acme/web:1.0'), ruleOf(), undefined)).toEqual(now)
  expect(stateOf(['acme/web:1.0'], found({ constraint: '^2' }))).toBeUndefined()
  expect(stateOf(['acme/web:1.0'], found({ strategy: 'alphabetical' }))).toBeUndefined()
  expect(stateOf(['acme/web:1.0'], found({ alias: 'other' }))).toBeUndefined()
  expect(stateOf(['acme/web:1.0'], found({ state: 'not running', running: [] }))).toBeUndefined()
})

test('what was rolled out since is current, and what runs nowhere says so by itself', () => {
  expect(stateOf(['acme/web:1.2'], found({ newest: '1.2' }))).toBe('current')
  expect(stateOf(['acme/web:1.2'], found({ newest: '1.2', state: 'written' }))).toBe('current')
  expect(stateOf(['acme/web:1.1', 'acme/web:1.2'], found({ newest: '1.2' }))).toBe('outdated')
  expect(stateOf(['acme/other:1'], found({ newest: '1.2' }))).toBe('not running')
  expect(stateOf([], found({ newest: '1.2' }), { forceUpdate: true })).toBe('outdated')
  expect(stateOf(['acme/web:1.2'], found({ state: 'failed', message: 'no answer' }))).toBe('failed')
})
