import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sealWith } from './seal.ts'

const seal = sealWith('key')

test('what is sealed is opened, by who sealed it and for what it was sealed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const sealed = seal.close('login', { value })
      expect(sealed).toMatch(/^[\w-]+$/)
      expect(seal.open('login', sealed)).toEqual(JSON.parse(JSON.stringify({ value })))
      expect(seal.open('session', sealed)).toBeUndefined()
      expect(sealWith('other key').open('login', sealed)).toBeUndefined()
    }),
  )
})

test('a change anywhere is noticed', () => {
  const bytes = Buffer.from(seal.close('login', { a: 'b' }), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at)
    expect(seal.open('login', changed.toString('base64url'))).toBeUndefined()
  }
})

test('nothing that was not sealed is opened', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(seal.open('login', text)).toBeUndefined()
    }),
  )
})

test('the same value is sealed differently each time', () => {
  expect(seal.close('login', 1)).not.toBe(seal.close('login', 1))
})
