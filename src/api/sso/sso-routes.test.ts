import rateLimit from '@fastify/rate-limit'
import fc from 'fast-check'
import { type FastifyInstance, fastify } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser } from '../../../test/browser.ts'
import { type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import { alice, type Installation, openInstallation, ourUrl } from '../../../test/signing-in.ts'
import { tokenOf } from '../token.ts'
import { ssoRoutes } from './sso-routes.ts'

let provider: IdentityProvider
let installation: Installation
let app: FastifyInstance
let signedOut: string[]
let logged: string[]

beforeAll(async () => {
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${ourUrl}/auth/callback`] })
})
afterAll(() => provider.stop())

async function start(config: Record<string, unknown> = {}, prepare = async () => {}) {
  installation = openInstallation({ issuer: provider.issuer, config })
  signedOut = []
  logged = []
  const write = (fields: object, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`)
  const log = { debug: write, info: write, warn: write, error: write }
  app = fastify({ trustProxy: true })
  await prepare()
  ssoRoutes(app, { oidc: installation.oidc, log, signOut: async (token) => void signedOut.push(token) })
  app.get('/who', async (request) => ({ token: tokenOf(request)?.token }))
}
beforeEach(() => start())
afterEach(async () => {
  provider.signsIn('alice')
  await app.close()
  await installation.oidc.close()
})

/** As through a proxy that encrypts. */
const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { 'x-forwarded-proto': 'https', ...headers } })

function cookieHeader(answer: { cookies: { name: string; value: string }[] }): string {
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
}

async function untilCallback() {
  const login = await get('/auth/login')
  expect(login.statusCode).toBe(303)
  const { url } = await openBrowser().open(String(login.headers.location), { until: (next) => next.startsWith(ourUrl) })
  return { path: url.slice(ourUrl.length), cookie: cookieHeader(login) }
}

async function signIn(): Promise<string> {
  const { path, cookie } = await untilCallback()
  const answer = await get(path, { cookie })
  expect(answer.statusCode).toBe(303)
  return cookieHeader({ cookies: answer.cookies.filter(({ value }) => value !== '') })
}

test('a login ends where it was begun, with a session that scripts cannot read', async () => {
  const login = await get(`/auth/login?return_url=${encodeURIComponent(`${ourUrl}/applications`)}`)
  expect(login.cookies).toMatchObject([
    { name: 'argocd.oauthstate', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 300 },
  ])
  expect(login.headers['cache-control']).toBe('no-store')
  const { url } = await openBrowser().open(String(login.headers.location), { until: (next) => next.startsWith(ourUrl) })
  const answer = await get(url.slice(ourUrl.length), { cookie: cookieHeader(login) })
  expect(answer.headers.location).toBe(`${ourUrl}/applications`)
  const named = Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie]))
  expect(named['argocd.oauthstate']).toMatchObject({ value: '', maxAge: 0 })
  expect(named['argocd.token']).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
  expect(await installation.oidc.verify(named['argocd.token']?.value ?? '')).toMatchObject({ sub: 'alice' })
})

test('over a connection that is not encrypted, browsers keep only cookies that do not ask for that', async () => {
  const { cookies } = await get('/auth/login', { 'x-forwarded-proto': 'http' })
  expect(cookies[0]).toMatchObject({ name: 'argocd.oauthstate', httpOnly: true, sameSite: 'Lax' })
  expect(cookies[0]).not.toHaveProperty('secure')
})

test('a callback without the cookie of its login, and one that is used again, end on a page that says what to do', async () => {
  const { path, cookie } = await untilCallback()
  const foreign = await get(path)
  expect([foreign.statusCode, foreign.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8'])
  expect(foreign.body).toContain('not begun in this browser')
  expect((await get(path, { cookie })).statusCode).toBe(303)
  expect((await get(path, { cookie })).statusCode).toBe(400)
})

test('what a provider or a link says is not shown', async () => {
  provider.signsIn('')
  const { path, cookie } = await untilCallback()
  expect(path).toContain('script')
  const answer = await get(path, { cookie })
  expect(answer.statusCode).toBe(403)
  expect(answer.body).not.toContain('script')
  expect((await get('/auth/login?return_url=https://evil.example.com')).statusCode).toBe(400)
})

test('neither codes, nor tokens, nor states, nor secrets are logged', async () => {
  const { path, cookie } = await untilCallback()
  await get(path, { cookie })
  await get(path, { cookie })
  const { searchParams } = new URL(path, ourUrl)
  const text = logged.join('\n')
  expect(text).toContain('alice')
  for (const secret of [searchParams.get('code'), searchParams.get('state'), 'eyJ', 'the-secret-of-the-client'])
    expect(text).not.toContain(secret)
})

test('without oidc.config, and with a provider that is down, the page says so', async () => {
  installation.settings['oidc.config'] = '{issuer: "http://127.0.0.1:1", clientID: a}'
  const down = await get('/auth/login')
  expect([down.statusCode, down.body]).toEqual([503, expect.stringContaining('user name and a password')])
  delete installation.settings['oidc.config']
  const none = await get('/auth/login')
  expect([none.statusCode, none.body]).toEqual([404, expect.stringContaining('not set up')])
})

test('a link on a page of ours signs out, at the provider too', async () => {
  const cookie = await signIn()
  const answer = await get('/auth/logout', { cookie, 'sec-fetch-site': 'same-origin' })
  expect(answer.headers.location).toContain(`${provider.issuer}/session/end`)
  expect(signedOut).toHaveLength(1)
  expect(answer.cookies.map(({ name, value }) => [name, value])).toEqual([
    ['argocd.token', ''],
    ['argocd.sso', ''],
  ])
})

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site' }],
  ['a browser that does not say from where', {}],
  ['a browser that looks ahead', { 'sec-fetch-site': 'same-origin', 'sec-purpose': 'prefetch' }],
])('%s signs nobody out without being asked', async (_, headers) => {
  const cookie = await signIn()
  const asked = await get('/auth/logout', { cookie, ...headers })
  expect([asked.statusCode, asked.cookies, signedOut]).toEqual([200, [], []])
  expect((await get('/auth/logout?confirm=x', { cookie })).statusCode).toBe(200)
  const [, link = ''] = /href="([^"]+)"/.exec(asked.body) ?? []
  expect((await get(link, { cookie })).statusCode).toBe(303)
  expect(signedOut).toHaveLength(1)
})

test('who begins logins without end is held up', async () => {
  await app.close()
  await start({}, async () => void (await app.register(rateLimit)))
  const statuses = []
  for (let i = 0; i < 65; i++) statuses.push((await get('/auth/callback')).statusCode)
  expect([...new Set(statuses)]).toEqual([400, 429])
  expect(statuses.indexOf(429)).toBe(60)
})

test('asking for the head of a page does nothing', async () => {
  const cookie = await signIn()
  for (const url of ['/auth/login', '/auth/callback', '/auth/logout'])
    expect((await app.inject({ method: 'HEAD', url, headers: { cookie } })).statusCode).toBe(404)
  expect(signedOut).toEqual([])
})

test('who has no session signs out to the start', async () => {
  const answer = await get('/auth/logout')
  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/'])
})

test('a session that is about to expire is renewed on the way, for the request itself and for the browser', async () => {
  await app.close()
  await installation.oidc.close()
  await start({ refreshTokenThreshold: '1h' })
  const cookie = await signIn()
  // Within one second the same key signs the same token.
  await provider.rotateKey()
  installation.clock.now += 31_000
  const answer = await get('/who', { cookie })
  const renewed = answer.cookies.find(({ name }) => name === 'argocd.token')?.value
  expect(renewed).toBeTruthy()
  expect(cookie).not.toContain(renewed)
  expect(answer.json()).toEqual({ token: renewed })
  const token = tokenOf({ headers: { cookie } })?.token ?? ''
  expect((await get('/who', { authorization: `Bearer ${token}`, cookie })).json()).toEqual({ token })
})

test('where renewing fails the old session goes on', async () => {
  await app.close()
  await installation.oidc.close()
  await start({ refreshTokenThreshold: '1h' })
  const cookie = await signIn()
  provider.misbehave((request, response) => request.url === '/token' && Boolean(response.writeHead(500).end()))
  const answer = await get('/who', { cookie })
  provider.misbehave()
  expect(answer.statusCode).toBe(200)
  expect(logged.some((line) => line.includes('could not be renewed'))).toBe(true)
})

test('no query and no cookie makes it fail', { timeout: 60_000 }, async () => {
  const { path, cookie } = await untilCallback()
  const { searchParams } = new URL(path, ourUrl)
  const known = fc.constantFrom(...searchParams.values(), ourUrl, '')
  const name = fc.constantFrom(
    'code',
    'state',
    'error',
    'error_description',
    'iss',
    'return_url',
    'confirm',
    '[a]',
    'x',
  )
  const pair = fc.tuple(fc.oneof(name, fc.string()), fc.oneof(known, fc.string(), fc.string({ unit: 'binary' })))
  const query = fc.oneof(
    fc.array(pair).map((pairs) => new URLSearchParams(pairs).toString()),
    fc.stringMatching(/^[%&=?#\w]*$/),
  )
  const value = fc.oneof(fc.constant(cookie.split('=')[1] ?? ''), fc.stringMatching(/^[\x20-\x7e]*$/))
  const cookies = fc
    .array(fc.tuple(fc.constantFrom('argocd.oauthstate', 'argocd.token', 'argocd.token-1', 'argocd.sso', 'x'), value))
    .map((pairs) => pairs.map((parts) => parts.join('=')).join('; '))
  const page = fc.constantFrom('login', 'callback', 'logout')
  await fc.assert(
    fc.asyncProperty(page, query, cookies, async (where, search, header) => {
      const answer = await get(`/auth/${where}?${search}`, { cookie: header, 'sec-fetch-site': 'none' })
      expect(answer.statusCode).not.toBe(500)
      const to = answer.headers.location
      if (to !== undefined)
        expect([provider.issuer, ourUrl, 'http://here']).toContain(new URL(to, 'http://here').origin)
    }),
    { numRuns: 400 },
  )
})
