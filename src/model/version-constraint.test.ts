import { SemVer } from 'semver'
import { describe, expect, test } from 'vitest'
import { highest, parseConstraint } from './version-constraint.ts'

// Expectations follow the documentation and tests of Masterminds/semver v3.
const cases: Record<string, { yes: string[]; no: string[] }> = {
  '>= 1.2, < 2.0': { yes: ['1.2.0', '1.9.9'], no: ['1.1.9', '2.0.0', '1.5.0-rc.1'] },
  '>=1.2 <2.0 || 3.x': { yes: ['1.2.0', '3.4.5'], no: ['2.5.0', '4.0.0'] },
  '1.x': { yes: ['1.0.0', '1.9.0'], no: ['2.0.0'] },
  '1.2.*': { yes: ['1.2.9'], no: ['1.3.0'] },
  '*': { yes: ['0.0.1', '9.0.0'], no: ['1.0.0-alpha'] },
  '>=1.0.0-0': { yes: ['1.0.0-alpha', '1.5.0-rc.1', '2.0.0'], no: ['0.9.0'] },
  '~1.2.3': { yes: ['1.2.3', '1.2.9'], no: ['1.3.0', '1.2.2'] },
  '~1': { yes: ['1.0.0', '1.9.0'], no: ['2.0.0'] },
  '~> 1.2': { yes: ['1.2.0', '1.2.5'], no: ['1.3.0'] },
  '^1.2.3': { yes: ['1.2.3', '1.9.0'], no: ['2.0.0', '1.2.2'] },
  '^0.2.3': { yes: ['0.2.3', '0.2.9'], no: ['0.3.0', '1.0.0'] },
  '^0.0.3': { yes: ['0.0.3'], no: ['0.0.4', '0.1.0'] },
  '^0': { yes: ['0.0.1', '0.9.0'], no: ['1.0.0'] },
  '1.2 - 1.4.5': { yes: ['1.2.0', '1.4.5'], no: ['1.4.6', '1.1.0'] },
  '!=1.2.3, 1.x': { yes: ['1.2.4'], no: ['1.2.3', '2.0.0'] },
  '>1.2.x': { yes: ['1.3.0', '2.0.0'], no: ['1.2.9'] },
  '<=1.2': { yes: ['1.2.9', '1.0.0'], no: ['1.3.0'] },
  '=>1.2.3, =<1.3.0': { yes: ['1.2.3', '1.3.0'], no: ['1.3.1'] },
}

describe('constraints admit what Masterminds/semver admits', () => {
  for (const [text, { yes, no }] of Object.entries(cases)) {
    test(text, () => {
      const constraint = parseConstraint(text)
      const admitted = [...yes, ...no].filter((version) => constraint?.matches(new SemVer(version)))
      expect(admitted).toEqual(yes)
    })
  }
})

test('exact versions and names of branches are no constraints', () => {
  for (const text of ['1.2.3', 'v1.2', '1', 'main', 'release-1.2', 'feature/x', '', '>=', 'v1.2.3-rc.1+b.5']) {
    expect(parseConstraint(text), text).toBeUndefined()
  }
})

test('the highest admitted name is chosen as it is written', () => {
  const names = ['v1.2.0', '1.10.0', 'v1.9.0', 'latest', 'v2.0.0', 'v1.11.0-rc.1']
  expect(highest(names, parseConstraint('1.x') ?? { matches: () => false })).toBe('1.10.0')
})
