import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, unpack } from './packing.ts'

const limit = 1000

test('what is packed is unpacked, compressed or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: limit }),
      fc.constantFrom('gzip' as const, 'none' as const),
      async (array, compression) => {
        expect(await unpack(await pack(Buffer.from(array), compression), limit)).toEqual(Buffer.from(array))
      },
    ),
  )
})

test('what is longer than the limit is not unpacked, however small it was packed', async () => {
  const long = Buffer.alloc(limit + 1)
  for (const compression of ['gzip', 'none'] as const)
    expect(await unpack(await pack(long, compression), limit)).toBeUndefined()
  const bomb = Buffer.concat([Buffer.of(1), gzipSync(Buffer.alloc(50_000_000))])
  expect(bomb.length).toBeLessThan(60_000)
  expect(await unpack(bomb, limit)).toBeUndefined()
})

test('what was not packed is not unpacked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ maxLength: 50 }), async (mark, array) => {
      expect(await unpack(Buffer.from([mark, ...array]), limit)).toBeUndefined()
    }),
  )
  expect(await unpack(Buffer.alloc(0), limit)).toBeUndefined()
})
