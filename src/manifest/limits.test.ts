import { expect, test } from 'vitest'
import { limitsWithin } from './limits.ts'

const MiB = 1024 ** 2
const GiB = 1024 * MiB

test.each([
  ['256 MiB', 256 * MiB, { parallel: 1, memoryBytes: 128 * MiB }],
  ['1 GiB', GiB, { parallel: 1, memoryBytes: 512 * MiB }],
  ['2 GiB', 2 * GiB, { parallel: 3, memoryBytes: 512 * MiB }],
  ['4 GiB', 4 * GiB, { parallel: 4, memoryBytes: 896 * MiB }],
  ['64 GiB', 64 * GiB, { parallel: 4, memoryBytes: 2 * GiB }],
])('with %s the programs and the process have room together', (_what, total, limits) => {
  expect(limitsWithin(total)).toEqual(limits)
  expect(limits.parallel * limits.memoryBytes).toBeLessThan(total)
})

test('what is set counts, and the rest goes by it', () => {
  expect(limitsWithin(4 * GiB, { parallel: 2 })).toEqual({ parallel: 2, memoryBytes: 1792 * MiB })
  expect(limitsWithin(4 * GiB, { memoryBytes: 3 * GiB })).toEqual({ parallel: 1, memoryBytes: 3 * GiB })
  const both = { parallel: 8, memoryBytes: GiB }
  expect(limitsWithin(GiB, both)).toEqual(both)
})
