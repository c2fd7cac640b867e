import { expect, test } from 'vitest'
import { isSet, otherOptions, withOption } from './sync-options.ts'

test('an option is switched on once, and off whatever it said', () => {
  expect(withOption(['Replace=false', 'X=1'], 'Replace', true)).toEqual(['X=1', 'Replace=true'])
  expect(withOption(['Replace=true', 'X=1'], 'Replace', false)).toEqual(['X=1'])
  expect(isSet(['Replace=false'], 'Replace')).toBe(false)
})

test('what no box stands for is kept as it is written', () => {
  expect(otherOptions(['CreateNamespace=true', 'CreateNamespace=false', 'PrunePropagationPolicy=background'])).toEqual([
    'CreateNamespace=false',
    'PrunePropagationPolicy=background',
  ])
})
