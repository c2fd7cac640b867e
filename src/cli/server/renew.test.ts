import { expect, test } from 'vitest'
import type { ServerPlace } from './place.ts'
import { needsRenewal } from './renew.ts'

const now = new Date('2026-01-01T12:00:00Z')
const expiring = (inSeconds: number) =>
  `x.${Buffer.from(JSON.stringify({ exp: now.getTime() / 1000 + inSeconds })).toString('base64url')}.y`

function place(token: string, user: object = {}): ServerPlace {
  const server = { server: 'tiphys.example.com' }
  const login = { name: 'here', server, user: { name: 'here', 'auth-token': token, 'refresh-token': 'r', ...user } }
  return { kind: 'server', entry: server, token, login }
}

test('a token is renewed before it ends under the hand of a command', () => {
  expect(needsRenewal(place(expiring(30)), now)).toBe(true)
  expect(needsRenewal(place(expiring(-100)), now)).toBe(true)
  expect(needsRenewal(place(expiring(600)), now)).toBe(false)
})

test('what cannot be renewed, and what is not of the login, is left as it is', () => {
  const token = expiring(-1)
  expect(needsRenewal(place(token, { 'refresh-token': undefined }), now)).toBe(false)
  expect(needsRenewal({ ...place(token), token: 'given' }, now)).toBe(false)
  expect(needsRenewal({ kind: 'server', entry: { server: 'a' }, token }, now)).toBe(false)
})
