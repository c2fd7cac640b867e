import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addQuantities,
  canonicalQuantity,
  canonicalResource,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  subtractQuantities,
} from './quantity.ts'

describe('canonical form', () => {
  test.each([
    ['1000m', '1'],
    ['0.5Gi', '512Mi'],
    ['1024Mi', '1Gi'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1000Ki', '1000Ki'],
    ['5.', '5.'],
    ['1024', '1024'],
    ['1.0', '1'],
    ['1000', '1k'],
    ['1.5', '1500m'],
    ['1500m', '1500m'],
    ['1e9', '1e9'],
    ['1G', '1G'],
    ['0', '0'],
    ['1.5Gi', '1536Mi'],
    ['1e3', '1e3'],
    ['2E2', '200'],
    ['128974848', '128974848'],
    ['129e6', '129e6'],
    ['+1', '+1'],
    ['01', '01'],
    ['0.1Gi', '107374182400m'],
    ['1073741824', '1073741824'],
    ['100Ei', '9223372036854775807'],
    ['0Mi', '0'],
    ['8Ki', '8Ki'],
    ['1024Ei', '9223372036854775807'],
  ])('%s is stored as %s', (sent, stored) => expect(canonicalQuantity(sent)).toBe(stored))

  test('a resource finer than a thousandth is rounded up to one', () => {
    expect(canonicalResource('0.0001')).toBe('1m')
    expect(canonicalResource('0.0005')).toBe('1m')
    expect(canonicalResource('100n')).toBe('1m')
  })

  test.each(['1 Gi', 'abc', '', '1gi', '1GiB'])('%j is not a quantity', (source) => {
    expect(() => parseQuantity(source)).toThrow('quantities must match the regular expression')
  })
  test.each(['1K', '--1', '1mm'])('%j has an unknown suffix', (source) => {
    expect(() => parseQuantity(source)).toThrow("unable to parse quantity's suffix")
  })
})

const sources = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi', 'e3'))
  .map(([amount, suffix]) => `${amount}${suffix}`)

test('the canonical form means the same amount and is its own canonical form', () => {
  fc.assert(
    fc.property(sources, (source) => {
      const stored = canonicalQuantity(source)
      expect(compareQuantities(parseQuantity(stored), parseQuantity(source))).toBe(0)
      expect(canonicalQuantity(stored)).toBe(stored)
    }),
  )
})

test('what is added and taken away again leaves the amount', () => {
  fc.assert(
    fc.property(sources, sources, (a, b) => {
      const sum = addQuantities(parseQuantity(a), parseQuantity(b))
      const back = subtractQuantities(sum, parseQuantity(b))
      expect(compareQuantities(back, parseQuantity(a))).toBe(0)
      expect(compareQuantities(parseQuantity(formatQuantity(sum)), sum)).toBe(0)
    }),
  )
})
