import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import { alice, type Installation, openInstallation, ourUrl, signIn, untilCallback } from '../../../test/signing-in.ts'

let provider: IdentityProvider
let installation: Installation

beforeAll(async () => {
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${ourUrl}/auth/callback`] })
})
afterAll(() => provider.stop())
beforeEach(() => {
  installation = openInstallation({ issuer: provider.issuer })
})
afterEach(async () => {
  provider.misbehave()
  provider.signsIn('alice')
  await installation.oidc.close()
})

const finish = (given: { query: URLSearchParams; begun: string | undefined }) =>
  installation.oidc.connection().finishLogin(given)

test('who signs in is known by the claims of the provider', async () => {
  const { idToken, claims } = await signIn(installation)
  expect(claims).toMatchObject({ sub: 'alice', name: 'Alice', email: 'alice@example.com', groups: alice.groups })
  expect(await installation.oidc.verify(idToken)).toMatchObject({ sub: 'alice', groups: alice.groups })
})

test('the provider is asked with PKCE, state, nonce, scopes, claims and hint', async () => {
  const config = {
    requestedScopes: ['groups'],
    requestedIDTokenClaims: { groups: { essential: true } },
    domainHint: 'a.b',
  }
  const { oidc } = openInstallation({ issuer: provider.issuer, config })
  const asked = async () => {
    const { url } = await oidc.connection().startLogin({ host: undefined, returnUrl: undefined })
    return Object.fromEntries(new URL(url).searchParams)
  }
  const [first, second] = [await asked(), await asked()]
  expect(first).toMatchObject({
    response_type: 'code',
    client_id: 'tiphys',
    redirect_uri: `${ourUrl}/auth/callback`,
    scope: 'openid groups',
    code_challenge_method: 'S256',
    claims: '{"id_token":{"groups":{"essential":true}}}',
    domain_hint: 'a.b',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(first[name]?.length).toBeGreaterThanOrEqual(43)
    expect(first[name]).not.toBe(second[name])
  }
  await oidc.close()
})

test('a client that may only send its secret in the body signs in, too', async () => {
  const other = await startIdentityProvider({
    people: [alice],
    redirectUris: [`${ourUrl}/auth/callback`],
    clientAuth: 'client_secret_post',
  })
  const there = openInstallation({ issuer: other.issuer })
  expect((await signIn(there)).claims.sub).toBe('alice')
  await there.oidc.close()
  await other.stop()
})

test('a login that this browser has not begun is refused', async () => {
  const { query } = await untilCallback(installation)
  await expect(finish({ query, begun: undefined })).rejects.toMatchObject({ fault: 'unknown login' })
})

test('a login that another browser has begun is refused', async () => {
  const [mine, theirs] = [await untilCallback(installation), await untilCallback(installation)]
  await expect(finish({ query: theirs.query, begun: mine.begun })).rejects.toMatchObject({ fault: 'unknown login' })
})

test('a login without a state is refused', async () => {
  const { query, begun } = await untilCallback(installation)
  query.delete('state')
  await expect(finish({ query, begun })).rejects.toMatchObject({ fault: 'unknown login' })
})

test('a login counts once', async () => {
  const answer = await untilCallback(installation)
  await finish(answer)
  await expect(finish(answer)).rejects.toMatchObject({
    fault: 'unknown login',
    message: expect.stringContaining('already'),
  })
})

test('a code counts once, whatever login it is put into', async () => {
  const first = await untilCallback(installation)
  await finish(first)
  const second = await untilCallback(installation)
  second.query.set('code', first.query.get('code') ?? '')
  await expect(finish(second)).rejects.toMatchObject({ fault: 'refused by provider' })
})

test('a code of another login is refused, since its verifier is not ours', async () => {
  const [mine, theirs] = [await untilCallback(installation), await untilCallback(installation)]
  mine.query.set('code', theirs.query.get('code') ?? '')
  await expect(finish(mine)).rejects.toMatchObject({ fault: 'refused by provider' })
})

test('a login lasts for five minutes', async () => {
  const answer = await untilCallback(installation)
  installation.clock.now += 300_000
  await expect(finish(answer)).rejects.toMatchObject({
    fault: 'unknown login',
    message: expect.stringContaining('5 minutes'),
  })
})

test('a login begun with another server key is refused', async () => {
  const { query, begun } = await untilCallback(installation)
  const changed = `${begun.slice(0, -1)}${begun.endsWith('A') ? 'B' : 'A'}`
  await expect(finish({ query, begun: changed })).rejects.toMatchObject({ fault: 'unknown login' })
})

test('what the provider says of a refusal goes to the log, quoted and cut', async () => {
  provider.signsIn('')
  const answer = await untilCallback(installation)
  await expect(finish(answer)).rejects.toMatchObject({ fault: 'denied', message: expect.stringContaining('<script>') })
  const long = await untilCallback(installation)
  long.query.set('error', 'server_error')
  long.query.set('error_description', 'x'.repeat(10_000))
  const error = await finish(long).catch((one: Error) => one)
  expect(error).toMatchObject({ fault: 'refused by provider' })
  expect((error as Error).message.length).toBeLessThan(400)
})

test('a token with another nonce is refused', async () => {
  provider.misbehave((request, response) => {
    if (request.url !== '/token') return false
    void provider.sign({ nonce: 'another' }).then((idToken) => {
      const body = { access_token: 'a', token_type: 'Bearer', id_token: idToken }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    return true
  })
  const answer = await untilCallback(installation)
  await expect(finish(answer)).rejects.toMatchObject({ fault: 'refused by provider' })
})

test.each([
  ['https://evil.example.com/'],
  ['//evil.example.com'],
  ['/\\evil.example.com'],
  ['https://tiphys.example.com@evil.example.com/'],
  ['https://someone@tiphys.example.com/'],
  ['https://tiphys.example.com.evil.example.com/'],
  ['http://tiphys.example.com/'],
  ['https://tiphys.example.com:8443/'],
  ['javascript:alert(1)'],
  ['data:text/html,x'],
  ['https://'],
])('a login does not lead back to %s', async (returnUrl) => {
  const start = installation.oidc.connection().startLogin({ host: undefined, returnUrl })
  await expect(start).rejects.toMatchObject({ fault: 'foreign address' })
})

test('a login leads back to where it was begun', async () => {
  installation.settings.additionalUrls = '[https://other.example.com/argocd/]'
  const back = async (host: string, returnUrl?: string) => {
    const { url, begun } = await installation.oidc.connection().startLogin({ host, returnUrl })
    return { redirect: new URL(url).searchParams.get('redirect_uri'), begun }
  }
  expect((await back('other.example.com')).redirect).toBe('https://other.example.com/argocd/auth/callback')
  expect((await back('evil.example.com')).redirect).toBe(`${ourUrl}/auth/callback`)
  await expect(back('other.example.com', 'https://other.example.com/argocd-evil')).rejects.toThrow()
  await expect(back('other.example.com', 'https://other.example.com/argocd/../x')).rejects.toThrow()
  await back('other.example.com', 'https://other.example.com/argocd/applications?x=1')
})
