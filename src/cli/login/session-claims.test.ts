import { expect, test } from 'vitest'
import { nameIn, readClaims } from './session-claims.ts'

const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

test('a session of ours is of an account', () => {
  expect(readClaims(token({ iss: 'argocd', sub: 'ann:login', exp: 5 }))).toEqual({
    name: 'ann',
    isExternal: false,
    expiresAt: 5,
  })
})

test('a token of a provider tells the name as people know it', () => {
  const claims = { iss: 'https://provider.example.com', sub: '123', email: 'ann@example.com' }
  expect(readClaims(token(claims))).toEqual({ name: 'ann@example.com', isExternal: true })
})

test.each([undefined, '', 'nonsense', 'a.b.c'])('%j tells nothing', (text) => {
  expect(readClaims(text)).toEqual({ isExternal: false })
  expect(nameIn(text)).toBe('somebody')
})
