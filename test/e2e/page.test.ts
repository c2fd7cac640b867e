/** The files of the web page, as a browser is given them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

let world: World
let base: string
beforeAll(async () => {
  world = await startWorld()
  base = world.tiphys().url
})
afterAll(() => world.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${base}${path}`, { headers })
const nonceOf = (text: string) => /nonce="?([\w+/=]+)|content="([\w+/=]+)" *\/?>\s*<link/.exec(text)?.[2]
const scriptsOf = (text: string) => [...text.matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')

test('every address of the page is the same document, asked for anew each time, and open to nobody else’s scripts', async () => {
  for (const path of [
    '/',
    '/login',
    '/applications',
    '/applications/argocd/shop?view=tree',
    '/settings/projects/shop',
  ]) {
    const response = await get(path)
    expect(response.status, path).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const policy = response.headers.get('content-security-policy') ?? ''
    const nonce = nonceOf(await response.text())
    expect(nonce).toMatch(/^[\w+/]{22}==$/)
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe')
  }
})

test('no two answers carry the same nonce', async () => {
  const nonces = await Promise.all(Array.from({ length: 20 }, async () => nonceOf(await (await get('/')).text())))
  expect(new Set(nonces).size).toBe(20)
})

test('scripts come compressed when the browser takes that, and are kept for good', async () => {
  const [script = ''] = scriptsOf(await (await get('/')).text())
  expect(script).not.toBe('')
  const plain = await get(script, { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const text = await plain.text()
  for (const [accepted, given] of [
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
  ] as const) {
    const response = await get(script, { 'accept-encoding': accepted })
    expect(response.headers.get('content-encoding'), accepted).toBe(given)
    expect(response.headers.get('vary')).toContain('accept-encoding')
    expect(await response.text()).toBe(text)
  }
})

test('no address leads out of the folder, and what is not there is not the page', async () => {
  for (const path of [
    '/assets/missing.js',
    '/assets/',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/%2e%2e/tiphys.js',
    '/assets/..%5c..%5ctiphys.js',
    '/index.html',
    '/tiphys.js',
    '/api/v1/nothing',
    '/elsewhere',
  ]) {
    const response = await get(path)
    expect(response.status, path).toBe(404)
    expect(await response.text()).not.toContain('<html')
  }
})

test('what is loaded first is less than 300 kB of compressed script', async () => {
  const page = await (await get('/')).text()
  const preloaded = [...page.matchAll(/rel="modulepreload"[^>]*href="([^"]+)"/g)].map(([, path]) => path ?? '')
  const sizes = await Promise.all(
    [...scriptsOf(page), ...preloaded].map(async (path) => {
      const response = await get(path, { 'accept-encoding': 'gzip' })
      expect(response.headers.get('content-encoding')).toBe('gzip')
      return Number(response.headers.get('content-length'))
    }),
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThan(300_000)
})
