import { expect, test } from 'vitest'
import { labelSelector } from './label-selector.ts'

const labels = { team: 'shop', tier: '2', 'app.kubernetes.io/name': 'web' }

const cases: [selector: string, matches: boolean][] = [
  ['', true],
  ['team=shop', true],
  ['team==shop', true],
  ['team=other', false],
  ['team!=other', true],
  ['missing!=other', true],
  ['team', true],
  ['missing', false],
  ['!missing', true],
  ['!team', false],
  ['team in (shop, bar)', true],
  ['team in (foo,bar)', false],
  ['team notin (foo,bar)', true],
  ['missing notin (foo)', true],
  ['tier>1', true],
  ['tier < 2', false],
  ['app.kubernetes.io/name=web,team in (shop,other),!gone', true],
  ['app.kubernetes.io/name=web,team=no', false],
  ['constructor', false],
]

for (const [selector, matches] of cases) {
  test(`"${selector}" ${matches ? 'matches' : 'does not match'}`, () => {
    expect(labelSelector(selector)(labels)).toBe(matches)
  })
}

test('an object without labels matches what asks for none', () => {
  expect(labelSelector('!team')(undefined)).toBe(true)
  expect(labelSelector('team')(undefined)).toBe(false)
})

test.each(['a=b=c', 'in (a)', 'a in b', 'a in (b', '=b', 'a b'])('%s is refused in words', (selector) => {
  expect(() => labelSelector(selector)).toThrow(/which is no requirement on a label/)
})
