import { expect, test } from 'vitest'
import { shortened } from './sent-state.ts'

test('the oldest entries are forgotten, but none that still holds: it would be told again and again', () => {
  const state = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`key-${at}`, at]))
  const holding = new Set(Object.keys(state).slice(0, 120))
  expect(Object.keys(shortened(state, new Set()))).toEqual(expect.arrayContaining(['key-50', 'key-149']))
  expect(Object.keys(shortened(state, new Set()))).toHaveLength(100)
  expect(Object.keys(shortened(state, holding)).sort()).toEqual([...holding].sort())
  const few = new Set(['key-0'])
  expect(Object.keys(shortened(state, few))).toEqual(expect.arrayContaining(['key-0', 'key-51', 'key-149']))
  expect(Object.keys(shortened(state, few))).toHaveLength(100)
})
