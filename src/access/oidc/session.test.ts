import { afterEach, expect, test } from 'vitest'
import {
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from '../../../test/identity-provider.ts'
import { alice, type Installation, openInstallation, ourUrl, signIn } from '../../../test/signing-in.ts'

let provider: IdentityProvider
let installation: Installation

async function open(config: Record<string, unknown> = {}, options: Partial<IdentityProviderOptions> = {}) {
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${ourUrl}/auth/callback`], ...options })
  installation = openInstallation({ issuer: provider.issuer, config })
}
afterEach(async () => {
  await installation.oidc.close()
  await provider.stop()
})

const times = (path: string) => provider.asked.filter((one) => one === path).length
const renew = (given: { idToken: string; kept: string | undefined }) => installation.oidc.connection().renew(given)

test('a session is renewed when its token is about to expire, and not before', async () => {
  await open({ refreshTokenThreshold: '9m59s' })
  const session = await signIn(installation)
  expect(await renew(session)).toBeUndefined()
  installation.clock.now += 5_000
  const renewed = await renew(session)
  expect(renewed?.claims).toMatchObject({ sub: 'alice', groups: alice.groups })
  expect(renewed?.kept).not.toBe(session.kept)
})

test('a browser that asks for several things at once renews once', async () => {
  await open({ refreshTokenThreshold: '1h' })
  const session = await signIn(installation)
  const before = times('/token')
  const all = await Promise.all(Array.from({ length: 10 }, () => renew(session)))
  expect(new Set(all.map((one) => one?.idToken)).size).toBe(1)
  expect((await renew(session))?.idToken).toBe(all[0]?.idToken)
  expect(times('/token')).toBe(before + 1)
  const [next] = all
  expect(next && (await renew(next))?.claims.sub).toBe('alice')
})

test('a session is not renewed beyond its duration', async () => {
  await open({ refreshTokenThreshold: '1h' })
  installation.settings['users.session.duration'] = '1h'
  const session = await signIn(installation)
  installation.clock.now += 3_600_000
  expect(await renew(session)).toBeUndefined()
})

test('what is kept of one session renews no other', async () => {
  await open({ refreshTokenThreshold: '1h' }, { people: [alice, { ...alice, sub: 'bob' }] })
  const hers = await signIn(installation)
  provider.signsIn('bob')
  const his = await signIn(installation)
  expect(await renew({ idToken: his.idToken, kept: hers.kept })).toBeUndefined()
  expect(await renew({ idToken: hers.idToken, kept: `${hers.kept}x`.slice(1) })).toBeUndefined()
  expect(await renew({ idToken: 'x', kept: hers.kept })).toBeUndefined()
})

test('a renewal that the provider refuses is told', async () => {
  await open({ refreshTokenThreshold: '1h' })
  const session = await signIn(installation)
  provider.misbehave((request, response) => {
    if (request.url !== '/token') return false
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
    return true
  })
  await expect(renew(session)).rejects.toMatchObject({ fault: 'refused by provider' })
})

test('a session that has ended is not renewed, and the provider has forgotten it', async () => {
  await open({ refreshTokenThreshold: '1h' })
  const session = await signIn(installation)
  const { revoked, url, home } = installation.oidc.connection().end({ ...session, host: undefined })
  await revoked
  expect(await renew(session)).toBeUndefined()
  expect(home).toBe(`${ourUrl}/`)
  expect(url).toContain(`${provider.issuer}/session/end?client_id=tiphys&id_token_hint=${session.idToken}`)
  const another = openInstallation({ issuer: provider.issuer, config: { refreshTokenThreshold: '1h' } })
  await expect(another.oidc.connection().renew(session)).rejects.toMatchObject({ fault: 'refused by provider' })
  await another.oidc.close()
})

test('logoutURL says where a session ends at the provider', async () => {
  const logoutURL = 'https://id.example.com/out?hint={{token}}&back={{logoutRedirectURL}}'
  await open({ logoutURL })
  const { url } = installation.oidc.connection().end({ idToken: 'a.b&c', kept: undefined, host: undefined })
  expect(url).toBe(`https://id.example.com/out?hint=a.b%26c&back=${encodeURIComponent(ourUrl)}`)
})

test('groups that are not in the token are read from userinfo, once', async () => {
  await open({ enableUserInfoGroups: true, userInfoCacheExpiration: '5m' }, { groupsInIdToken: false })
  const { idToken, claims } = await signIn(installation)
  expect(claims.groups).toBeUndefined()
  const all = await Promise.all([1, 2, 3].map(() => installation.oidc.verify(idToken)))
  expect(all.map(({ groups }) => groups)).toEqual([alice.groups, alice.groups, alice.groups])
  expect(times('/me')).toBe(1)
  installation.clock.now += 300_000
  await installation.oidc.verify(idToken)
  expect(times('/me')).toBe(2)
})

test('after a restart groups are read with what the browser has kept', async () => {
  await open({ enableUserInfoGroups: true, userInfoPath: '/me' }, { groupsInIdToken: false })
  const session = await signIn(installation)
  await installation.oidc.close()
  installation = openInstallation({ issuer: provider.issuer, config: { enableUserInfoGroups: true } })
  await expect(installation.oidc.verify(session.idToken)).rejects.toThrow('sign in with a browser')
  await renew(session)
  expect((await installation.oidc.verify(session.idToken)).groups).toEqual(alice.groups)
})

test('userinfo about somebody else is refused', async () => {
  await open({ enableUserInfoGroups: true }, { groupsInIdToken: false })
  const { idToken } = await signIn(installation)
  provider.misbehave((request, response) => {
    if (request.url !== '/me') return false
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":"bob","groups":["admins"]}')
    return true
  })
  await expect(installation.oidc.verify(idToken)).rejects.toMatchObject({ fault: 'unavailable' })
})

test('without groups in sight nobody is let in as somebody without groups', async () => {
  await open({ enableUserInfoGroups: true }, { groupsInIdToken: false })
  const { idToken } = await signIn(installation)
  provider.misbehave((request, response) => request.url === '/me' && Boolean(response.writeHead(500).end()))
  await expect(installation.oidc.verify(idToken)).rejects.toMatchObject({ fault: 'unavailable' })
  provider.misbehave()
  expect((await installation.oidc.verify(idToken)).groups).toEqual(alice.groups)
})
