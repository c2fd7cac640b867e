import { compare } from 'bcryptjs'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { AccountService } from './accounts.ts'
import { anonymous, type Caller } from './caller.ts'
import { type Given, openInstallation, start } from './test-installation.ts'

const address = '192.0.2.1'

async function open(given?: Given) {
  const installation = await openInstallation(given)
  const service = new AccountService(installation.access)
  const signedIn = async (name: string) =>
    installation.access.callerOf((await installation.access.signIn(name, `${name}-password`, { address })).token)
  return { installation, service, alice: await signedIn('alice'), admin: await signedIn('admin') }
}

const sso = (issuedAt: number, subject = 'u-1'): Caller => ({
  kind: 'sso',
  name: 'eve',
  issuer: 'https://id',
  groups: [],
  subjects: { subject, groups: [] },
  issuedAt,
})

test('everybody sees the own account, and others with the right to get them', async () => {
  const { service, alice, admin } = await open({
    secret: { 'accounts.alice.tokens': '[{"id":"a","iat":1},{"id":"b","iat":2,"exp":3}]' },
  })
  const own = {
    name: 'alice',
    enabled: true,
    capabilities: ['login', 'apiKey'],
    tokens: [
      { id: 'b', iat: 2, exp: 3 },
      { id: 'a', iat: 1 },
    ],
  }
  expect(service.list(alice)).toEqual([own])
  expect(service.get(alice, 'alice')).toEqual(own)
  expect(service.list(admin).map(({ name }) => name)).toEqual(['admin', 'alice', 'ci'])
  expect(service.list(anonymous)).toEqual([])
  expect(JSON.stringify(service.list(admin))).not.toContain('$2')
})

test('who may not see an account cannot tell whether there is one', async () => {
  const { service, alice, admin } = await open()
  const refused = (name: string) =>
    expect(() => service.get(alice, name)).toThrow(
      expect.objectContaining({ kind: 'forbidden', message: 'permission denied' }),
    )
  refused('admin')
  refused('nobody')
  expect(() => service.get(admin, 'nobody')).toThrow("account 'nobody' does not exist")
})

test('can-i answers about the caller, and refuses words that no policy knows', async () => {
  const { service, alice, admin } = await open({
    policy: { 'policy.csv': 'p, alice, applications, sync, t/web, allow' },
  })
  const canI = (caller: Caller, action: string, object = 't/web', resource = 'applications') =>
    service.canI(caller, { resource, action, object }, 'argocd')
  expect([
    canI(alice, 'sync'),
    canI(alice, 'sync/prune'),
    canI(alice, 'rollback'),
    canI(alice, 'delete'),
    canI(admin, 'delete'),
  ]).toEqual([true, true, true, false, true])
  expect(canI(alice, 'sync', 't/argocd/web')).toBe(true)
  expect(canI(alice, 'sync', 't/other/web')).toBe(false)
  expect(canI(admin, 'get', 'https://10.0.0.1', 'clusters')).toBe(true)
  expect(() => canI(alice, 'fly')).toThrow('does not contain fly')
  expect(() => canI(alice, 'get', '*', 'planes')).toThrow('does not contain planes')
})

test('a new password takes effect, and ends all sessions and tokens from before', async () => {
  const { installation, service, alice } = await open()
  const { access } = installation
  const { token: session } = await access.signIn('alice', 'alice-password', { address })
  const token = await service.createToken(alice, { name: 'alice', id: 'x' })
  installation.now += 2000
  await service.updatePassword(alice, { currentPassword: 'alice-password', newPassword: 'another one', address })
  expect(await compare('another one', installation.secret['accounts.alice.password'] ?? '')).toBe(true)
  expect(installation.secret['accounts.alice.passwordMtime']).toMatch(/^2026-01-01T12:00:0\dZ$/)
  for (const old of [session, token])
    await expect(access.callerOf(old)).rejects.toMatchObject({ reason: expect.stringContaining('password of alice') })
  await expect(access.signIn('alice', 'alice-password', { address })).rejects.toThrow()
  expect(await access.callerOf((await access.signIn('alice', 'another one', { address })).token)).toMatchObject({
    name: 'alice',
  })
})

test('a password is changed by whoever knows the own one and may, and only to one that is permitted', async () => {
  const { service, alice, admin } = await open()
  const change = (caller: Caller, more: object) =>
    service.updatePassword(caller, {
      currentPassword: `${caller.name}-password`,
      newPassword: 'long enough',
      address,
      ...more,
    })
  await expect(change(alice, { currentPassword: 'x' })).rejects.toMatchObject({
    kind: 'invalid',
    message: 'current password does not match',
  })
  await expect(change(alice, { name: 'admin' })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(change(alice, { newPassword: 'short' })).rejects.toThrow(
    'does not match the following expression: ^.{8,32}$',
  )
  await expect(change(alice, { newPassword: 'x'.repeat(33) })).rejects.toThrow('expression')
  await expect(change(admin, { name: 'nobody' })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(change(anonymous, {})).rejects.toMatchObject({ kind: 'invalid' })
  await expect(change(sso(start / 1000), { name: 'alice' })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(change(sso(start / 1000 - 301, 'admin'), { name: 'alice' })).rejects.toThrow('SSO token is too old')
  await change(sso(start / 1000, 'admin'), { name: 'alice' })
  await change(admin, { name: 'ci' })
})

test('guessing the current password meets the limits of signing in', async () => {
  const { installation, service, alice } = await open()
  const guess = () => service.updatePassword(alice, { currentPassword: 'guess', newPassword: 'long enough', address })
  for (let at = 0; at < 5; at++) await expect(guess()).rejects.toThrow('current password does not match')
  await expect(installation.access.signIn('alice', 'alice-password', { address })).rejects.toMatchObject({
    reason: expect.stringContaining('too many'),
  })
})

test('a token of an account is good until it ends or is deleted', async () => {
  const { installation, service, alice, admin } = await open()
  const token = await service.createToken(alice, { name: 'alice', lifetime: 600 })
  const { jti, exp } = decodeJwt(token)
  expect(exp).toBe(installation.access.seconds() + 600)
  expect(await installation.access.callerOf(token)).toMatchObject({ name: 'alice', capability: 'apiKey', tokenId: jti })
  const endless = await service.createToken(admin, { name: 'ci', id: 'pipeline' })
  expect(decodeJwt(endless)).toMatchObject({ sub: 'ci:apiKey', jti: 'pipeline' })
  expect(decodeJwt(endless)).not.toHaveProperty('exp')
  installation.now += 601_000
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ kind: 'unauthenticated' })
  await service.deleteToken(admin, { name: 'ci', id: 'pipeline' })
  await expect(installation.access.callerOf(endless)).rejects.toMatchObject({
    reason: 'account ci has no token pipeline',
  })
  await service.deleteToken(alice, { name: 'alice', id: String(jti) })
  expect(installation.secret['accounts.alice.tokens']).toBe('')
})

test('tokens are made for accounts that may have them, by who may, each with an id of its own', async () => {
  const { service, alice, admin } = await open()
  await service.createToken(alice, { name: 'alice', id: 'x' })
  await expect(service.createToken(alice, { name: 'alice', id: 'x' })).rejects.toThrow("already has token with id 'x'")
  await expect(service.createToken(alice, { name: 'ci' })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(service.createToken(admin, { name: 'admin' })).rejects.toThrow('does not have apiKey capability')
  for (const request of [{ id: '' }, { id: 'x'.repeat(129) }, { lifetime: -1 }, { lifetime: 1.5 }]) {
    await expect(service.createToken(alice, { name: 'alice', ...request })).rejects.toMatchObject({ kind: 'invalid' })
  }
  await expect(service.deleteToken(alice, { name: 'alice', id: 'none' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('faults of accounts are told, and close the account that they are about', async () => {
  const { installation } = await open({
    settings: { 'accounts.x': 'login, fly', 'accounts.x.enabled': 'maybe', 'accounts.a.b.c': 'x' },
    secret: { 'accounts.x.tokens': '{', 'accounts.x.passwordMtime': 'soon' },
  })
  expect(installation.access.problems()).toEqual([
    expect.stringContaining('accounts.x.passwordMtime of argocd-secret is no time'),
    expect.stringContaining('accounts.x.tokens of argocd-secret is no list'),
    expect.stringContaining('accounts.x of argocd-cm names "fly"'),
    expect.stringContaining('accounts.x.enabled of argocd-cm is "maybe"'),
  ])
  expect(installation.access.accounts().get('x')).toMatchObject({ enabled: false, tokens: [] })
})

test('a change of the policy or of an account takes effect with the next question', async () => {
  const { installation, alice } = await open()
  const can = () =>
    installation.access.enforcerOf(alice).may({ resource: 'applications', action: 'sync', object: 'a/b' }).allowed
  expect(can()).toBe(false)
  installation.set('policy', { 'policy.csv': 'g, alice, role:admin' })
  expect(can()).toBe(true)
  const { token } = await installation.access.signIn('alice', 'alice-password', { address })
  installation.set('settings', { 'accounts.alice.enabled': 'false' })
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ reason: 'account alice is disabled' })
})
