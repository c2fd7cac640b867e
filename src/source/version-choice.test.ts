import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highest, parseConstraint, parseVersion } from '../model/version-constraint.ts'
import { chooseVersion, proposedTarget } from './version-choice.ts'

const names = ['1.0.0', '1.1.0', '1.2.0', '1.2.1', '2.0.0', '2.3.1', '3.0.0-rc.1', 'nightly']
const choose = (targetRevision: string) => chooseVersion({ targetRevision, names, isChart: true })

test('a range allows its newest version, holds back those above, and can be moved up', () => {
  expect(choose('^1')).toEqual({
    kind: 'range',
    allowed: '1.2.1',
    newest: '2.3.1',
    heldBack: ['2.3.1', '2.0.0'],
    proposal: '^2',
  })
  expect(choose('*')).toEqual({ kind: 'range', allowed: '2.3.1', newest: '2.3.1', heldBack: [] })
  expect(choose('')).toMatchObject({ kind: 'range', allowed: '2.3.1' })
  expect(choose('latest')).toMatchObject({ kind: 'range', allowed: '2.3.1' })
})

test('a prerelease is only allowed by a range that names one, and never proposed', () => {
  expect(choose('>=1.0.0-0')).toMatchObject({ allowed: '3.0.0-rc.1', newest: '2.3.1', heldBack: [] })
  expect(choose('>=1')).toMatchObject({ allowed: '2.3.1', heldBack: [] })
})

test('a pin is proposed the newest version, and a name is told nothing of order', () => {
  expect(choose('1.2.0')).toMatchObject({
    kind: 'pin',
    allowed: '1.2.0',
    heldBack: ['2.3.1', '2.0.0', '1.2.1'],
    proposal: '2.3.1',
  })
  expect(choose('v1.2.0')).toMatchObject({ kind: 'pin', allowed: '1.2.0' })
  expect(choose('2.3.1')).not.toHaveProperty('proposal')
  expect(choose('main')).toEqual({ kind: 'name', newest: '2.3.1', heldBack: [] })
  expect(choose('nightly')).toMatchObject({ kind: 'name' })
})

test('a range that nothing satisfies holds everything back', () => {
  expect(choose('^9')).toMatchObject({
    kind: 'range',
    newest: '2.3.1',
    proposal: '^2',
    heldBack: expect.arrayContaining(['1.0.0']),
  })
})

test('the prefix of tags stays in front where it was written', () => {
  const of = (targetRevision: string) =>
    chooseVersion({ targetRevision, names: ['1.0.0', '2.0.0'], prefix: 'shop-', isChart: false })
  expect(of('shop-1.0.0')).toMatchObject({ allowed: '1.0.0', proposal: 'shop-2.0.0' })
  expect(of('^1')).toMatchObject({ allowed: '1.0.0', proposal: '^2' })
})

test.each([
  ['1.*', '2.*'],
  ['1.x', '2.x'],
  ['1.2.x', '2.3.x'],
  ['^1.2', '^2.3'],
  ['~1.2.3', '~2.3.1'],
  ['~> 1.2', '~> 2.3'],
  ['=1.2.0', '=2.3.1'],
  ['>=1.2 <2', '>=1.2 <3'],
  ['>= 1.2.0, < 2.0.0', '>= 1.2.0, < 3.0.0'],
  ['>=1.2 <1.5', '>=1.2 <2.4'],
  ['<=1.2', '<=2.3'],
  ['1.0 - 1.9', '1.0 - 2.3'],
  ['^0.9 || ^1', '^0.9 || ^1 || ^2'],
  ['1.x || 1.2.x', '1.x || 1.2.x || 2.x'],
  ['!=2.3.1', '2.3.1'],
  ['1.2.0', '2.3.1'],
])('the range %s becomes %s for 2.3.1', (range, moved) => {
  expect(proposedTarget(range, '2.3.1')).toBe(moved)
})

test('whatever is proposed allows the newest version', () => {
  const part = fc.nat({ max: 12 })
  const version = fc.tuple(part, part, part).map((parts) => parts.join('.'))
  const short = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
  const range = fc.oneof(
    fc.tuple(fc.constantFrom('^', '~', '', '<', '<=', '<= ', '=', '>'), short).map((parts) => parts.join('')),
    fc.tuple(short, short).map(([from, to]) => `>=${from} <${to}`),
    fc.tuple(short, short).map(([from, to]) => `${from} - ${to}`),
    fc.tuple(short, short).map(([one, other]) => `^${one} || ^${other}`),
  )
  fc.assert(
    fc.property(range, fc.array(version, { minLength: 1, maxLength: 8 }), (targetRevision, all) => {
      const { proposal, newest, heldBack, allowed } = chooseVersion({ targetRevision, names: all, isChart: true })
      if (proposal === undefined) {
        // Nothing is held back, or nothing is known to be above.
        if (allowed !== undefined && newest !== undefined) expect(heldBack).toEqual([])
        return
      }
      const constraint = parseConstraint(proposal)
      const chosen = constraint ? highest(all, constraint) : proposal
      expect(parseVersion(chosen ?? '')?.version).toBe(parseVersion(newest ?? '')?.version)
    }),
    { numRuns: 500 },
  )
})
