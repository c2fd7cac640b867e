/** What a page of another site, a forged header or a broken request can make of a browser's session, or of the server. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { securityHeaders } from '../../src/api/security-headers.ts'
import { routes } from '../../src/contract/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let app: App
let base: string

const evil = 'https://evil.example.com'
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n'

beforeAll(async () => {
  world = await startWorld()
  admin = await signIn(world)
  app = await world.application(world.repository({ 'config.yaml': configMap }))
  await app.settled()
  base = world.tiphys().url
})
afterAll(() => world.stop())

const session = () => ({ cookie: `argocd.token=${admin.token}` })
const change = (headers: Record<string, string>, body = '{}') =>
  fetch(`${base}/api/v1/applications/${app.name}/sync`, { method: 'POST', headers, body })

test('every answer carries the headers that browsers go by: errors and streams too', async () => {
  const bearer = { authorization: `Bearer ${admin.token}` }
  const json = { ...bearer, 'content-type': 'application/json' }
  const asked: [string, RequestInit, number][] = [
    ['/api/v1/applications', { headers: bearer }, 200],
    ['/api/v1/stream/applications', { headers: bearer }, 200],
    ['/api/v1/stream/applications', { headers: { ...bearer, accept: 'text/event-stream' } }, 200],
    ['/api/v1/applications', {}, 401],
    ['/api/v1/applications/missing', { headers: bearer }, 403],
    ['/api/v1/applications?limit=many', { headers: bearer }, 400],
    ['/nowhere', {}, 404],
    ['/%zz', {}, 400],
    [`/${'x'.repeat(5_000)}`, {}, 404],
    ['/api/v1/session', { method: 'POST', body: '{', headers: json }, 400],
    ['/api/v1/session', { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } }, 415],
    ['/api/v1/session', { method: 'POST', body: `"${'x'.repeat(70_000)}"`, headers: json }, 413],
    ['/api/webhook', { method: 'POST', body: '{}' }, 400],
    ['/api/badge?name=x', {}, 200],
    ['/auth/login', { redirect: 'manual' }, 404],
    ['/swagger.json', {}, 200],
    ['/healthz', {}, 200],
    ['/api/v1/applications', { method: 'OPTIONS' }, 404],
    ['/api/v1/applications', { method: 'PUT', body: '{}', headers: json }, 404],
  ]
  for (const [path, init, status] of asked) {
    const gone = new AbortController()
    const response = await fetch(`${base}${path}`, { ...init, signal: gone.signal })
    const what = `${init.method ?? 'GET'} ${path.slice(0, 50)}`
    expect(response.status, what).toBe(status)
    for (const [name, value] of Object.entries(securityHeaders)) {
      expect(response.headers.get(name), `${what}: ${name}`).toBe(value)
    }
    // Pages elsewhere show badges, and read nothing else.
    const isBadge = path.startsWith('/api/badge')
    expect(response.headers.get('access-control-allow-origin'), what).toBe(isBadge ? '*' : null)
    gone.abort()
  }
})

test('a page of another site changes nothing with the session of a browser', async () => {
  const json = { 'content-type': 'application/json' }
  const { origin } = new URL(base)
  const refused: [Record<string, string>, number][] = [
    [{ ...session(), 'content-type': 'text/plain' }, 415],
    [{ ...session(), 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [{ ...session(), 'content-type': 'multipart/form-data; boundary=a' }, 415],
    [{ ...session(), 'content-type': 'text/plain; application/json' }, 415],
    [{ ...session(), ...json, origin: evil }, 403],
    [{ ...session(), ...json, origin: 'null' }, 403],
    [{ ...session(), ...json, origin: `${origin}.evil.example.com` }, 403],
    [{ ...session(), ...json, origin: evil, 'x-forwarded-host': 'evil.example.com' }, 403],
    [{ authorization: `Bearer ${admin.token}`, ...json, origin: evil }, 403],
  ]
  for (const [headers, status] of refused) {
    expect((await change(headers)).status, JSON.stringify({ ...headers, cookie: '' })).toBe(status)
  }
  for (const path of [`/api/v1/applications/${app.name}/sync`, `/api/v1/applications/${app.name}/operation`]) {
    // Links and images can only read.
    expect((await fetch(`${base}${path}`, { headers: session() })).status).toBe(404)
    const override = { ...session(), 'x-http-method-override': 'POST' }
    expect((await fetch(`${base}${path}?_method=POST`, { headers: override })).status).toBe(404)
  }
  expect((await change({ ...session(), ...json, origin }, '{"dryRun": true}')).status).toBe(200)
})

test('a login of another site does not replace the session of a browser, and its cookie is kept from scripts', async () => {
  const body = JSON.stringify({ username: 'admin', password: world.tiphys().adminPassword })
  const headers = { 'content-type': 'application/json' }
  const login = (more: Record<string, string>) =>
    fetch(`${base}/api/v1/session`, { method: 'POST', body, headers: { ...headers, ...more } })
  expect((await login({ origin: evil })).status).toBe(403)
  const [cookie = ''] = (await login({ 'x-forwarded-proto': 'https' })).headers.getSetCookie()
  expect(cookie).toMatch(/^argocd\.token=.*HttpOnly; SameSite=Lax$/)
  // Nobody told Tiphys to believe a proxy: the connection is not encrypted, and a browser would not keep a secure cookie.
  expect(cookie).not.toContain('Secure')
})

test('what a request says of its host leads nobody elsewhere', async () => {
  const headers = { 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https', host: 'evil.example.com' }
  const returnUrls = [
    evil,
    '//evil.example.com',
    '/\\evil.example.com',
    'https:evil.example.com',
    'javascript:alert(1)',
  ]
  for (const path of [
    ...returnUrls.map((to) => `/auth/login?return_url=${encodeURIComponent(to)}`),
    '/auth/logout',
    `/auth/callback?code=a&state=${evil}`,
  ]) {
    const answer = await fetch(`${base}${path}`, { redirect: 'manual', headers })
    expect(answer.headers.get('location') ?? '/', path).toBe('/')
    expect(await answer.text(), path).not.toContain('evil')
  }
})

test('links that are given are shown, and none of them is a script', async () => {
  const annotations = {
    'link.argocd.argoproj.io/external-link': 'Docs|javascript:alert(document.cookie)',
    'link.argocd.argoproj.io/good': 'https://docs.example.com',
    'link.argocd.argoproj.io/data': 'data:text/html,<script>alert(1)</script>',
    'link.argocd.argoproj.io/spaced': ' \u0001java\tscript:alert(1)',
  }
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
  await world.client.patch(target, { metadata: { annotations } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  const params = { applicationName: app.name }
  const urls = async () => {
    const tree = JSON.stringify(await admin.api.call(routes.applicationResources.tree, { params }))
    return tree + JSON.stringify(app.current()?.status)
  }
  await expect.poll(urls, { timeout: 10_000 }).toContain('https://docs.example.com')
  expect(await urls()).not.toMatch(/script:|data:text/)
})

test('requests that two servers could read differently are refused, and their connections closed', async () => {
  const { hostname, port, host } = new URL(base)
  const head = `POST /api/v1/session HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`
  const smuggled = `GET /api/v1/settings HTTP/1.1\r\nhost: ${host}\r\n\r\n`
  const wrong = [
    `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}content-length: 4\r\ncontent-length: 5\r\n\r\n{}  ${smuggled}`,
    `${head}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}content-length: +4\r\n\r\n{}  ${smuggled}`,
    `${head}content-length: 0x4\r\n\r\n{}  ${smuggled}`,
    `${head}x: a\rtransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `${head}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n${smuggled}`,
    `GET /healthz HTTP/1.1\r\n\r\n${smuggled}`,
    `GET http://[ HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
  ]
  for (const text of wrong) {
    const heard = await talk(hostname, Number(port), text)
    expect(heard, text.slice(0, 200)).toMatch(/^HTTP\/1\.1 (4\d\d)/)
    expect(heard.match(/HTTP\/1\.1 /g), text.slice(0, 200)).toHaveLength(1)
  }
  expect((await fetch(`${base}/healthz`)).status).toBe(200)
})

function talk(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(text))
    let heard = ''
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (data) => (heard += data.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })
}
