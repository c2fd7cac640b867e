import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sealWith } from './seal.ts'

const seal = sealWith('key')
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array))
const name = seal.nameOf('shop')

test('what is sealed is opened, under its name and with the key of the installation only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), bytes, (key, other, value) => {
      const sealed = seal.close(seal.nameOf(key), value)
      expect(seal.open(seal.nameOf(key), sealed)).toEqual(value)
      if (key !== other) expect(seal.open(seal.nameOf(other), sealed)).toBeUndefined()
      expect(sealWith('other key').open(seal.nameOf(key), sealed)).toBeUndefined()
    }),
  )
})

test('a change of any byte is noticed', () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 255 }), (value, by) => {
      const sealed = seal.close(name, value)
      for (let at = 0; at < sealed.length; at++) {
        const changed = Buffer.from(sealed)
        changed.writeUInt8(changed.readUInt8(at) ^ by, at)
        expect(seal.open(name, changed), `byte ${at}`).toBeUndefined()
      }
    }),
    { numRuns: 20 },
  )
})

test('what is cut off, grown or put together of two is noticed', () => {
  fc.assert(
    fc.property(bytes, bytes, fc.nat(300), fc.uint8Array({ minLength: 1, maxLength: 20 }), (one, two, at, more) => {
      const first = seal.close(name, one)
      const second = seal.close(name, Buffer.concat([two, Buffer.alloc(16)]))
      const cut = first.subarray(0, Math.min(at, first.length - 1))
      expect(seal.open(name, cut)).toBeUndefined()
      expect(seal.open(name, Buffer.concat([first, more]))).toBeUndefined()
      const spliced = Buffer.concat([first.subarray(0, 33), second.subarray(33)])
      expect(seal.open(name, spliced)).toBeUndefined()
    }),
  )
})

test('nothing that was not sealed is opened', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
      expect(seal.open(name, Buffer.from(array))).toBeUndefined()
      expect(seal.open(name, Buffer.from([1, ...array]))).toBeUndefined()
    }),
  )
})

test('the same value is sealed differently each time, and a name is always the same and tells nothing', () => {
  const value = Buffer.from('value')
  expect(seal.close(name, value)).not.toEqual(seal.close(name, value))
  expect(seal.nameOf('shop')).toBe(name)
  expect(name).toMatch(/^tiphys:1:[\w-]{43}$/)
  expect(sealWith('other key').nameOf('shop')).not.toBe(name)
})
