import { hash } from 'bcryptjs'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { openInstallation, start } from './test-installation.ts'

const here = { address: '192.0.2.1' }

test('a session is a token that clients of Argo CD know', async () => {
  const { access } = await openInstallation()
  const { token } = await access.signIn('alice', 'alice-password', here)
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
  const issued = start / 1000
  const { jti, ...claims } = decodeJwt(token)
  expect(claims).toEqual({ iss: 'argocd', sub: 'alice:login', iat: issued, nbf: issued, exp: issued + 24 * 3600 })
  expect(jti).toMatch(/^[0-9a-f-]{36}$/)
  expect(await access.callerOf(token)).toEqual({
    kind: 'account',
    name: 'alice',
    issuer: 'argocd',
    groups: [],
    subjects: { subject: 'alice', groups: [] },
    issuedAt: issued,
    expiresAt: issued + 24 * 3600,
    tokenId: jti,
    capability: 'login',
  })
})

test.each(['$2a$', '$2y$'])('hashes of other programs (%s) are taken', async (prefix) => {
  const made = (await hash('from-elsewhere', 4)).replace('$2b$', prefix)
  const { access } = await openInstallation({ secret: { 'accounts.alice.password': made } })
  expect(await access.signIn('alice', 'from-elsewhere', here)).toHaveProperty('token')
})

test.each([
  ['alice', 'wrong', {}],
  ['alice', '', {}],
  ['', 'x', {}],
  ['nobody', 'alice-password', {}],
  ['__proto__', 'alice-password', {}],
  ['ci', 'x', {}],
  ['alice', 'alice-password', { 'accounts.alice.enabled': 'false' }],
  ['alice', 'alice-password', { 'accounts.alice.enabled': 'flase' }],
  ['alice', 'alice-password', { 'accounts.alice': 'apiKey' }],
  ['admin', 'admin-password', { 'admin.enabled': 'false' }],
  ['admin', 'admin-password', { 'admin.enabled': 'no' }],
  ['x'.repeat(33), 'x', { [`accounts.${'x'.repeat(33)}`]: 'login' }],
])('%j with %j and %j gets the one answer, after half a second or more', async (name, password, settings) => {
  const installation = await openInstallation({ settings: settings as Record<string, string> })
  const failing = installation.access.signIn(name, password, here)
  await expect(failing).rejects.toMatchObject({ kind: 'unauthenticated', message: 'Invalid username or password' })
  expect(installation.slept).toBeGreaterThanOrEqual(500)
  expect(installation.slept).toBeLessThanOrEqual(1000)
})

test('a password of more bytes than bcrypt hears is not taken for its beginning', async () => {
  const long = 'x'.repeat(72)
  const { access } = await openInstallation({ secret: { 'accounts.alice.password': await hash(long, 4) } })
  await expect(access.signIn('alice', `${long}y`, here)).rejects.toThrow('Invalid')
  expect(await access.signIn('alice', long, here)).toHaveProperty('token')
})

test('the duration of sessions is a setting, and no setting makes them endless', async () => {
  for (const [setting, seconds] of [
    ['1h30m', 5400],
    ['0', 86400],
    ['never', 86400],
    ['', 86400],
  ] as const) {
    const { access } = await openInstallation({ settings: { 'users.session.duration': setting } })
    const { exp = 0, iat = 0 } = decodeJwt((await access.signIn('alice', 'alice-password', here)).token)
    expect(exp - iat, setting).toBe(seconds)
  }
})

test('within its last five minutes a session is prolonged by as much as it had', async () => {
  const installation = await openInstallation({ settings: { 'users.session.duration': '1h' } })
  const { access } = installation
  const { token } = await access.signIn('alice', 'alice-password', here)
  installation.now += 54 * 60_000
  expect(await access.renewed(await access.callerOf(token))).toBeUndefined()
  installation.now += 2 * 60_000
  const renewed = (await access.renewed(await access.callerOf(token))) ?? ''
  const { exp = 0, jti } = decodeJwt(renewed)
  expect(exp).toBe(installation.now / 1000 + 3600)
  expect(jti).not.toBe(decodeJwt(token).jti)
  installation.now += 5 * 60_000
  await expect(access.callerOf(token)).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect(await access.callerOf(renewed)).toMatchObject({ name: 'alice' })
})

test('who signs out is out at once, and after a restart', async () => {
  const installation = await openInstallation()
  const { token } = await installation.access.signIn('alice', 'alice-password', here)
  const { token: other } = await installation.access.signIn('alice', 'alice-password', here)
  await installation.access.signOut(await installation.access.callerOf(token))
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ reason: 'the token is revoked' })
  await installation.restart()
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ reason: 'the token is revoked' })
  expect(await installation.access.callerOf(other)).toMatchObject({ name: 'alice' })
})

test('without a token somebody is anonymous where that is permitted; a bad token never is', async () => {
  const settings = { 'users.anonymous.enabled': 'true' }
  const { access } = await openInstallation({ settings, policy: { 'policy.default': 'role:readonly' } })
  const caller = await access.callerOf(undefined)
  expect(caller.kind).toBe('anonymous')
  expect(access.enforcerOf(caller).may({ resource: 'applications', action: 'get', object: 'a/b' }).allowed).toBe(true)
  expect(access.enforcerOf(caller).may({ resource: 'applications', action: 'sync', object: 'a/b' }).allowed).toBe(false)
  await expect(access.callerOf('x')).rejects.toMatchObject({ kind: 'unauthenticated' })
  const closed = await openInstallation()
  await expect(closed.access.callerOf(undefined)).rejects.toMatchObject({ kind: 'unauthenticated' })
})
