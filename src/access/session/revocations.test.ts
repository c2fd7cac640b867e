import { expect, test } from 'vitest'
import { Revocations } from './revocations.ts'

const token = (at: number, owner = 'alice') => ({ id: `${owner}-${at}`, owner, issuedAt: 1000 + at, expiresAt: 9000 })

test('a revoked token stays so until its end, over any number of restarts', () => {
  let revocations = new Revocations()
  revocations.revoke(token(1), 2000)
  revocations = Revocations.fromText(Revocations.fromText(revocations.toText()).toText())
  expect(revocations.isRevoked(token(1))).toBe(true)
  expect(revocations.isRevoked(token(2))).toBe(false)
  revocations.revoke({ ...token(3, 'bob'), expiresAt: 20_000 }, 9001)
  expect(revocations.toText()).not.toContain('alice')
})

test('who signs out without end loses all sessions so far instead of filling the memory', () => {
  const revocations = new Revocations()
  for (let at = 0; at < 5000; at++) revocations.revoke(token(at), 6500)
  revocations.revoke(token(1, 'bob'), 6500)
  expect(revocations.toText().length).toBeLessThan(8000)
  const restored = Revocations.fromText(revocations.toText())
  for (let at = 0; at < 5000; at++) expect(restored.isRevoked(token(at))).toBe(true)
  expect(restored.isRevoked({ ...token(9999), issuedAt: 6501 })).toBe(false)
  expect(restored.isRevoked(token(2, 'bob'))).toBe(false)
})

test('a text that is damaged is an error, not a clean slate', () => {
  for (const text of ['{"tokens":', '{}', 'null', '[]']) {
    expect(() => Revocations.fromText(text), text).toThrow('the list of revoked sessions cannot be read')
  }
})
