import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { clientSecret, type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import { alice, type Installation, openInstallation, ourUrl } from '../../../test/signing-in.ts'

let provider: IdentityProvider
let installation: Installation

beforeAll(async () => {
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${ourUrl}/auth/callback`] })
})
afterAll(() => provider.stop())
beforeEach(() => {
  provider.misbehave()
  installation = openInstallation({ issuer: provider.issuer })
  return () => installation.oidc.close()
})

const verify = (token: string) => installation.oidc.verify(token)
const seconds = () => Math.floor(Date.now() / 1000)

test.each([
  ['for the server', {}],
  ['for the command line', { aud: 'tiphys-cli', azp: 'tiphys-cli' }],
  ['for several, us among them', { aud: ['other', 'tiphys'], azp: 'tiphys' }],
])('a token %s is accepted with all its claims', async (_, claims) => {
  expect(await verify(await provider.sign({ ...claims, roles: ['x'] }))).toMatchObject({ sub: 'alice', roles: ['x'] })
})

const refused: [string, string, () => Record<string, unknown>][] = [
  ['of another issuer', 'invalid token', () => ({ iss: 'https://evil.example.com' })],
  ['without an issuer', 'invalid token', () => ({ iss: undefined })],
  ['for somebody else', 'invalid token', () => ({ aud: 'other' })],
  ['without an audience', 'invalid token', () => ({ aud: undefined })],
  ['with an empty audience', 'invalid token', () => ({ aud: [] })],
  ['issued to somebody else', 'invalid token', () => ({ azp: 'other' })],
  ['that has expired', 'expired token', () => ({ exp: seconds() - 11 })],
  ['that never expires', 'invalid token', () => ({ exp: undefined })],
  ['that is not valid yet', 'invalid token', () => ({ nbf: seconds() + 60 })],
  ['issued in the future', 'invalid token', () => ({ iat: seconds() + 60 })],
  ['without a time of issue', 'invalid token', () => ({ iat: undefined })],
  ['without a subject', 'invalid token', () => ({ sub: undefined })],
  ['with an empty subject', 'invalid token', () => ({ sub: '' })],
]
test.each(refused)('a token %s is refused', async (_, fault, claims) => {
  await expect(verify(await provider.sign(claims()))).rejects.toMatchObject({ fault })
})

test('allowedAudiences replaces the ids of the clients', async () => {
  const { oidc } = openInstallation({ issuer: provider.issuer, config: { allowedAudiences: ['ci'] } })
  expect(await oidc.verify(await provider.sign({ aud: 'ci', azp: 'ci' }))).toMatchObject({ sub: 'alice' })
  await expect(oidc.verify(await provider.sign({}))).rejects.toMatchObject({ fault: 'invalid token' })
  await oidc.close()
})

test('an access token, though signed by the provider, is no ID token', async () => {
  await expect(verify(await provider.sign({}, { typ: 'at+jwt' }))).rejects.toMatchObject({ fault: 'invalid token' })
  await expect(verify(await provider.sign({}, { typ: 'logout+jwt' }))).rejects.toMatchObject({ fault: 'invalid token' })
  expect(await verify(await provider.sign({}, { typ: 'jwt' }))).toMatchObject({ sub: 'alice' })
})

test('a token that nobody has signed is refused', async () => {
  const claims = { iss: provider.issuer, aud: 'tiphys', sub: 'alice', iat: seconds(), exp: seconds() + 600 }
  const unsigned = new UnsecuredJWT(claims).encode()
  await expect(verify(unsigned)).rejects.toMatchObject({ fault: 'invalid token' })
  const [header, payload] = (await provider.sign({})).split('.')
  await expect(verify(`${header}.${payload}.`)).rejects.toMatchObject({ fault: 'invalid token' })
})

test('what everybody knows, and what we know, signs nothing', async () => {
  const claims = { iss: provider.issuer, aud: 'tiphys', sub: 'alice', iat: seconds(), exp: seconds() + 600 }
  const { kid = '', n = '' } = provider.publicKey()
  for (const known of [clientSecret, n, JSON.stringify(provider.publicKey())]) {
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(known))
    await expect(verify(forged)).rejects.toMatchObject({ fault: 'invalid token' })
  }
})

test('a token changed by one character is refused', async () => {
  const token = await provider.sign({})
  for (const at of [10, token.indexOf('.') + 10, token.lastIndexOf('.') + 10]) {
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
    await expect(verify(changed)).rejects.toMatchObject({ fault: 'invalid token' })
  }
})

test.each(['', '.', '..', 'a.b.c', 'x'.repeat(70_000), '\u0000'])('%j is no token', async (text) => {
  await expect(verify(text)).rejects.toMatchObject({ fault: 'invalid token' })
})

const askedForKeys = () => provider.asked.filter((path) => path === '/jwks').length

test('a key that is new is fetched once, and no more often however many tokens name one that does not exist', async () => {
  await verify(await provider.sign({}))
  await provider.rotateKey()
  const before = askedForKeys()
  installation.clock.now += 31_000
  expect(await verify(await provider.sign({}))).toMatchObject({ sub: 'alice' })
  expect(askedForKeys()).toBe(before + 1)
  const made = await provider.sign({}, { kid: 'made up' })
  await Promise.all(
    Array.from({ length: 20 }, () => expect(verify(made)).rejects.toMatchObject({ fault: 'invalid token' })),
  )
  expect(askedForKeys()).toBe(before + 1)
})

test('a key that the provider has given up counts no longer after ten minutes', async () => {
  const old = await provider.sign({ exp: seconds() + 10_000 })
  await verify(old)
  await provider.rotateKey()
  installation.clock.now += 599_000
  await verify(old)
  installation.clock.now += 1_000
  await expect(verify(old)).rejects.toMatchObject({ fault: 'invalid token' })
})

test('while the provider is down its keys count for an hour', async () => {
  const token = await provider.sign({ exp: seconds() + 10_000 })
  await verify(token)
  provider.misbehave((_, response) => Boolean(response.writeHead(503).end()))
  installation.clock.now += 3_500_000
  expect(await verify(token)).toMatchObject({ sub: 'alice' })
  installation.clock.now += 100_000
  await expect(verify(token)).rejects.toMatchObject({ fault: 'unavailable' })
})
