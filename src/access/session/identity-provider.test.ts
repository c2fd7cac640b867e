import { UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { openInstallation, start } from '../test-installation.ts'
import type { Claims } from './claims.ts'

const issuer = 'https://id.example.com'
const now = start / 1000
const claims = {
  iss: issuer,
  sub: 'u-1',
  exp: now + 600,
  iat: now - 10,
  email: 'eve@example.com',
  groups: ['devs', 'ops'],
}

/** What counts is what the verifier says, never what stands in the token. */
async function signedIn(verified: Claims | undefined, scopes?: string, csv = '') {
  const { access } = await openInstallation({
    policy: { 'policy.csv': csv, ...(scopes && { scopes }) },
    verifyExternal: async (_token, from) => (from === issuer ? verified : undefined),
  })
  const token = new UnsecuredJWT({ iss: issuer, sub: 'admin', groups: ['role:admin'] }).encode()
  const caller = await access.callerOf(token)
  return {
    access,
    token,
    caller,
    may: (action: string) => access.enforcerOf(caller).may({ resource: 'applications', action, object: 'a/b' }).allowed,
  }
}

test('somebody of an identity provider is asked for by user and groups', async () => {
  const { caller } = await signedIn(claims)
  expect(caller).toMatchObject({
    kind: 'sso',
    name: 'eve@example.com',
    issuer,
    groups: ['devs', 'ops'],
    issuedAt: now - 10,
  })
  expect(caller.subjects).toEqual({ subject: 'u-1', groups: ['devs', 'ops'] })
})

test.each([
  ['[groups, email]', ['devs', 'ops', 'eve@example.com']],
  ['email', ['eve@example.com']],
  ['[federated_claims.user_id]', ['eve']],
  ['[https://example.com/roles]', ['lead']],
  ['[none, __proto__, constructor.name]', []],
  ['{broken', ['devs', 'ops']],
])('with scopes %s the groups are %j', async (scopes, expected) => {
  const { caller } = await signedIn(
    { ...claims, federated_claims: { user_id: 'eve' }, 'https://example.com/roles': 'lead' },
    scopes,
  )
  expect(caller.groups).toEqual(expected)
  expect(caller.subjects.subject).toBe('eve')
})

test('grants to groups and to the user count', async () => {
  const csv = 'p, role:x, applications, get, */*, allow\ng, ops, role:x\np, u-1, applications, sync, */*, allow'
  const { may } = await signedIn(claims, undefined, csv)
  expect([may('get'), may('sync'), may('delete')]).toEqual([true, true, false])
})

test.each([
  { sub: 'admin' },
  { federated_claims: { user_id: 'admin' } },
  { groups: ['admin'] },
  { groups: ['role:admin', 'role:readonly'] },
  { sub: 'role:admin' },
  { sub: 'alice' },
  { groups: ['proj:team:dev'], sub: 'proj:team:dev' },
])('with %j somebody of an identity provider becomes nobody here', async (change) => {
  const csv = 'g, alice, role:admin\ng, proj:team:dev, role:admin\np, alice, applications, get, */*, allow'
  const { caller, may } = await signedIn({ ...claims, ...change }, undefined, csv)
  expect(caller.kind).toBe('sso')
  expect(may('get')).toBe(false)
})

test.each<[string, Claims | undefined]>([
  ['nothing', undefined],
  ['another issuer', { ...claims, iss: 'https://evil.example.com' }],
  ['our own issuer', { ...claims, iss: 'argocd' }],
  ['no subject', { ...claims, sub: '' }],
  ['no end', { ...claims, exp: undefined }],
  ['an end in the past', { ...claims, exp: now }],
  ['a beginning in the future', { ...claims, nbf: now + 5 }],
])('claims with %s are refused', async (_what, verified) => {
  await expect(signedIn(verified)).rejects.toMatchObject({
    kind: 'unauthenticated',
    message: 'invalid session: sign in again',
  })
})

test('who signs out is out, also where the token has no id', async () => {
  for (const change of [{ jti: 'j' }, { uti: 'u' }, {}]) {
    const { access, caller, token } = await signedIn({ ...claims, ...change })
    await access.signOut(caller)
    await expect(access.callerOf(token)).rejects.toMatchObject({ reason: 'the token is revoked' })
  }
})

test('a verifier that throws lets nobody in', async () => {
  const { access } = await openInstallation({
    verifyExternal: async () => {
      throw new Error('audience')
    },
  })
  const token = new UnsecuredJWT({ iss: issuer }).encode()
  await expect(access.callerOf(token)).rejects.toMatchObject({
    kind: 'unauthenticated',
    reason: expect.stringContaining('audience'),
  })
})
