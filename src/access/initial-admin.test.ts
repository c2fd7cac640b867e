import { compare } from 'bcryptjs'
import { expect, test } from 'vitest'
import { ensureAdmin } from './initial-admin.ts'
import { secretStore } from './test-secret-store.ts'

const start = { namespace: 'argocd', now: new Date('2026-01-01T12:00:00.5Z') }

test('a new installation gets a random password, readable once and kept as a bcrypt hash', async () => {
  const secrets = secretStore()
  const password = await ensureAdmin(secrets, start)
  expect(password).toHaveLength(24)
  expect(await compare(password ?? '', secrets.value('argocd-secret', 'admin.password'))).toBe(true)
  expect(secrets.value('argocd-secret', 'admin.passwordMtime')).toBe('2026-01-01T12:00:00Z')
  expect(secrets.value('argocd-secret', 'server.secretkey')).toHaveLength(44)
})

test('an account that is there stays as it is', async () => {
  const secrets = secretStore()
  const first = await ensureAdmin(secrets, start)
  const before = secrets.value('argocd-secret', 'admin.password')
  expect(await ensureAdmin(secrets, start)).toBe(first)
  expect(secrets.value('argocd-secret', 'admin.password')).toBe(before)
})

test('other values of an existing Secret are kept', async () => {
  const data = { 'webhook.github.secret': 'eA==', 'server.secretkey': 'eQ==' }
  const secrets = secretStore({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret' }, data })
  await ensureAdmin(secrets, start)
  expect(secrets.value('argocd-secret', 'webhook.github.secret')).toBe('x')
  expect(secrets.value('argocd-secret', 'server.secretkey')).toBe('y')
})

test('a key that signs sessions is made again when it was removed', async () => {
  const data = { 'admin.password': 'eA==' }
  const secrets = secretStore({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret' }, data })
  expect(await ensureAdmin(secrets, start)).toBeUndefined()
  expect(secrets.value('argocd-secret', 'server.secretkey')).toHaveLength(44)
  expect(secrets.value('argocd-secret', 'admin.password')).toBe('x')
})

test('a password that was taken away is made anew, whatever the readable copy says', async () => {
  const secrets = secretStore()
  const first = await ensureAdmin(secrets, start)
  const before = await secrets.get('argocd-secret')
  const { resourceVersion } = before?.metadata ?? {}
  await secrets.patch('argocd-secret', { metadata: { resourceVersion }, data: { 'admin.password': '' } })
  const second = await ensureAdmin(secrets, start)
  expect(second).not.toBe(first)
  expect(await compare(second ?? '', secrets.value('argocd-secret', 'admin.password'))).toBe(true)
})
