import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RepositoryConnection } from '../model/index.ts'
import { openDownloader } from './download.ts'
import { openGithubTokens } from './github-app.ts'
import { parseAddress } from './repository-address.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const repository = parseAddress('https://git.example.com/acme/shop.git')
const downloader = openDownloader({ allowLocal: true })

let now: number
let server: Server
let base: string
let issued: number
let asked: string[]

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z')
  issued = 0
  asked = []
  server = createServer(async ({ url = '', method, headers }, response) => {
    asked.push(`${method} ${url}`)
    const token = (headers.authorization ?? '').replace('Bearer ', '')
    const claims = await jwtVerify(token, publicKey, { issuer: '42', currentDate: new Date(now) }).catch(
      () => undefined,
    )
    if (!claims) response.writeHead(401).end('{}')
    else if (url === '/api/v3/repos/acme/shop/installation') response.end('{"id": 7}')
    else if (method === 'POST' && url === '/api/v3/app/installations/7/access_tokens') {
      response.writeHead(201)
      response.end(JSON.stringify({ token: `token-${++issued}`, expires_at: new Date(now + 3_600_000).toISOString() }))
    } else response.writeHead(404).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const open = () => openGithubTokens({ clock: { now: () => now }, downloader: () => downloader })
const app = (more: object = {}): RepositoryConnection => ({
  githubApp: { id: '42', installationId: '7', privateKey: pem, baseUrl: base, ...more },
})

test('one token serves everybody until shortly before it expires', async () => {
  const tokens = open()
  const ask = () => tokens.token(app(), repository)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['token-1', 'token-1', 'token-1'])
  now += 54 * 60_000
  expect(await ask()).toBe('token-1')
  now += 2 * 60_000
  expect(await ask()).toBe('token-2')
})

test('where the app is installed is found out when it is not said', async () => {
  const { installationId: _none, ...without } = app().githubApp ?? { id: '', privateKey: '' }
  expect(await open().token({ githubApp: without }, repository)).toBe('token-1')
  expect(asked).toEqual(['GET /api/v3/repos/acme/shop/installation', 'POST /api/v3/app/installations/7/access_tokens'])
})

test('what GitHub refuses, and a key that is none, are said in words and tried again', async () => {
  const tokens = open()
  await expect(tokens.token(app({ id: '41' }), repository)).rejects.toThrow(/gives the app 41 no token .* answers 401/)
  await expect(tokens.token(app({ installationId: '8' }), repository)).rejects.toThrow(/answers 404/)
  await expect(tokens.token(app({ privateKey: 'secret-no-key' }), repository)).rejects.toThrow(
    /private key of the GitHub App 42/,
  )
  await expect(tokens.token(app({ privateKey: 'secret-no-key' }), repository)).rejects.not.toThrow(/secret-no-key/)
  expect(await tokens.token(app(), repository)).toBe('token-1')
})
