import { expect, test } from 'vitest'
import { withoutNulls } from './without-nulls.ts'

test('null is nothing, at any depth, and other empty values are something', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [{ e: null, f: 0 }] }, g: '', h: false })).toEqual({
    b: { d: [{ f: 0 }] },
    g: '',
    h: false,
  })
})
