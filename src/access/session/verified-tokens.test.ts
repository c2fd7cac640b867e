import { expect, test, vi } from 'vitest'
import { openInstallation, project } from '../test-installation.ts'
import { signToken } from './session-token.ts'
import { VerifiedTokens } from './verified-tokens.ts'

const key = 'a-secret-key-that-is-long-enough'
const issuedAt = 1_800_000_000
const now = issuedAt * 1000

/** How often a signature is computed. */
async function verifications(work: () => Promise<unknown>): Promise<number> {
  const verify = vi.spyOn(crypto.subtle, 'verify')
  try {
    await work()
    return verify.mock.calls.length
  } finally {
    verify.mockRestore()
  }
}

test('the signature of a token is computed once', async () => {
  const tokens = new VerifiedTokens()
  const token = await signToken({ subject: 'ana:login', issuedAt, expiresAt: issuedAt + 100, id: '1' }, key)
  expect(await verifications(() => tokens.claimsOf(token, key, now))).toBe(1)
  expect(await verifications(() => tokens.claimsOf(token, key, now + 99_999))).toBe(0)
  expect(await tokens.claimsOf(token, key, now)).toMatchObject({ subject: 'ana:login', id: '1', issuedAt })
})

test('a token that is known ends at its end, and does not begin before its beginning', async () => {
  const tokens = new VerifiedTokens()
  const token = await signToken({ subject: 'ana:login', issuedAt, expiresAt: issuedAt + 100, id: '1' }, key)
  await tokens.claimsOf(token, key, now)
  await expect(tokens.claimsOf(token, key, now + 100_000)).rejects.toMatchObject({ kind: 'unauthenticated' })
  // A clock that is set back.
  await expect(tokens.claimsOf(token, key, now - 1000)).rejects.toMatchObject({ kind: 'unauthenticated' })
  await expect(tokens.claimsOf(token, key, now - 100_000)).rejects.toMatchObject({ kind: 'unauthenticated' })
  await expect(tokens.claimsOf(token, key, now)).resolves.toMatchObject({ id: '1' })
})

test('another key makes every token void, and so does none', async () => {
  const tokens = new VerifiedTokens()
  const token = await signToken({ subject: 'ana:login', issuedAt, expiresAt: issuedAt + 100, id: '1' }, key)
  await tokens.claimsOf(token, key, now)
  await expect(tokens.claimsOf(token, `${key}-2`, now)).rejects.toMatchObject({ kind: 'unauthenticated' })
  await tokens.claimsOf(token, key, now)
  await expect(tokens.claimsOf(token, undefined, now)).rejects.toMatchObject({ kind: 'unauthenticated' })
})

test('one that is like a known one but for a letter is verified as any other', async () => {
  const tokens = new VerifiedTokens()
  const token = await signToken({ subject: 'ana:login', issuedAt, expiresAt: issuedAt + 100, id: '1' }, key)
  await tokens.claimsOf(token, key, now)
  for (const place of [0, token.indexOf('.') + 3, token.length - 3]) {
    const forged = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)
    await expect(tokens.claimsOf(forged, key, now)).rejects.toMatchObject({ kind: 'unauthenticated' })
  }
})

test('what is known of a token does not outlive what it rests on', async () => {
  const installation = await openInstallation({
    projects: [project('team', { roles: [{ name: 'dev', jwtTokens: [{ iat: 0, id: 'role' }] }] })],
  })
  const { access } = installation
  const session = async () => (await access.signIn('alice', 'alice-password', { address: '10.0.0.1' })).token
  const isTaken = async (token: string) => {
    await expect(access.callerOf(token)).resolves.toBeDefined()
    await expect(access.callerOf(token)).resolves.toBeDefined()
  }
  const isRefused = (token: string) => expect(access.callerOf(token)).rejects.toMatchObject({ kind: 'unauthenticated' })

  const signedOut = await session()
  await isTaken(signedOut)
  await access.signOut(await access.callerOf(signedOut))
  await isRefused(signedOut)

  const token = await session()
  await isTaken(token)
  installation.set('settings', { 'accounts.alice.enabled': 'false' })
  await isRefused(token)
  installation.set('settings', { 'accounts.alice.enabled': 'true' })
  await isTaken(token)
  installation.set('secret', { 'accounts.alice.passwordMtime': new Date(installation.now + 5000).toISOString() })
  await isRefused(token)
  installation.set('secret', { 'accounts.alice.passwordMtime': '' })
  installation.set('settings', { 'accounts.alice': 'apiKey' })
  await isRefused(token)

  const role = await access.issue('proj:team:dev', { id: 'role', issuedAt: 0, lifetime: 0 })
  await isTaken(role)
  installation.projects.set('team', project('team', { roles: [{ name: 'dev' }] }))
  await isRefused(role)
})
