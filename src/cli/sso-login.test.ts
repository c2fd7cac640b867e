import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../../test/browser.ts'
import { type IdentityProvider, startIdentityProvider } from '../../test/identity-provider.ts'
import type { PublicOidcSettings } from '../access/oidc/index.ts'
import { loginWithBrowser, renewTokens } from './sso-login.ts'

let provider: IdentityProvider
let settings: PublicOidcSettings

beforeAll(async () => {
  const people = [{ sub: 'alice', name: 'Alice', email: 'alice@example.com', groups: ['admins'] }]
  provider = await startIdentityProvider({ people, redirectUris: ['https://tiphys.example.com/auth/callback'] })
  settings = {
    name: 'Test',
    issuer: provider.issuer,
    clientID: 'tiphys',
    cliClientID: 'tiphys-cli',
    scopes: ['openid', 'groups'],
    enablePKCEAuthentication: true,
  }
})
afterAll(() => provider.stop())

const never = new AbortController().signal

test('a browser signs in, and the command line has the tokens', async () => {
  let shown = ''
  const visit = async (url: string) => {
    void openBrowser()
      .open(url)
      .then(({ text }) => {
        shown = text
      })
  }
  const { idToken, refreshToken } = await loginWithBrowser({ settings, openBrowser: visit, port: 0, signal: never })
  expect(decodeJwt(idToken)).toMatchObject({
    iss: provider.issuer,
    aud: 'tiphys-cli',
    sub: 'alice',
    groups: ['admins'],
  })
  expect(refreshToken).toBeTruthy()
  await expect.poll(() => shown).toContain('Signed in')

  const { issuer } = provider
  const renewed = await renewTokens({ issuer, clientId: 'tiphys-cli', refreshToken: refreshToken ?? '' })
  expect(decodeJwt(renewed.idToken)).toMatchObject({ sub: 'alice', aud: 'tiphys-cli' })
  await expect(renewTokens({ issuer, clientId: 'tiphys-cli', refreshToken: 'made up' })).rejects.toThrow()
})

test('without a browser the address is handed on, and leads to the same end', async () => {
  const printed: string[] = []
  const login = loginWithBrowser({ settings, openBrowser: (url) => void printed.push(url), port: 0, signal: never })
  await expect.poll(() => printed.length).toBe(1)
  const { searchParams } = new URL(printed[0] ?? '')
  expect(searchParams.get('code_challenge_method')).toBe('S256')
  expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+\/auth\/callback$/)
  const wrong = await fetch(`${searchParams.get('redirect_uri')}?code=stolen&state=other`)
  expect(wrong.status).toBe(400)
  const lost = await fetch(new URL('/', searchParams.get('redirect_uri') ?? ''))
  expect(lost.status).toBe(404)
  await openBrowser().open(printed[0] ?? '')
  expect((await login).idToken).toBeTruthy()
})

test('a login that the provider refuses is an error that says so', async () => {
  provider.signsIn('')
  let status = 0
  const visit = (url: string) =>
    void openBrowser()
      .open(url)
      .then((page) => {
        status = page.status
      })
  const login = loginWithBrowser({ settings, openBrowser: visit, port: 0, signal: never })
  await expect(login).rejects.toMatchObject({ fault: 'denied' })
  provider.signsIn('alice')
  await expect.poll(() => status).toBe(400)
})

test('waiting ends when it is told to, and the port is free again', async () => {
  const ending = new AbortController()
  let redirectUri = ''
  const visit = (url: string) => {
    redirectUri = new URL(url).searchParams.get('redirect_uri') ?? ''
    ending.abort(new Error('interrupted'))
  }
  const login = loginWithBrowser({ settings, openBrowser: visit, port: 0, signal: ending.signal })
  await expect(login).rejects.toThrow('interrupted')
  await expect(fetch(redirectUri)).rejects.toThrow()
})

test('a provider that is not there is told by its address', async () => {
  const gone = { ...settings, issuer: 'http://127.0.0.1:1' }
  const login = loginWithBrowser({ settings: gone, openBrowser: () => {}, port: 0, signal: never })
  await expect(login).rejects.toThrow('127.0.0.1:1/.well-known/openid-configuration cannot be reached')
})
