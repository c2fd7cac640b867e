import { lookup } from 'node:dns/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, makeAuthority } from '../../../test/e2e/certificates.ts'
import { startProxy, type TestProxy } from '../../../test/e2e/connect-proxy.ts'
import type { ConnectionOptions } from './connections.ts'
import { openCourier } from './courier.ts'

const name = 'chat.example.com'
const plain = createServer((request, response) => response.end(`for ${request.headers.host}`))
let encrypted: ReturnType<typeof createTlsServer>
let authority: Authority
let proxy: TestProxy
let env: Record<string, string>
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

beforeAll(async () => {
  authority = await makeAuthority()
  encrypted = createTlsServer(await authority.server({ names: [name] }), (request, response) =>
    response.end(`safe for ${request.headers.host}`),
  )
  for (const server of [plain, encrypted])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  proxy = await startProxy({ names: { [name]: portOf(encrypted), 'plain.example.com': portOf(plain) } })
  const address = `127.0.0.1:${proxy.port}`
  env = { HTTPS_PROXY: `http://ann:word@${address}`, http_proxy: address, NO_PROXY: 'localhost,.internal.example' }
})
afterAll(async () => {
  await proxy.close()
  for (const server of [plain, encrypted]) {
    server.closeAllConnections()
    server.close()
  }
})

async function asked(url: string, options: Partial<ConnectionOptions> = {}): Promise<string> {
  const courier = openCourier({ isRefused: () => false, timeLimitMs: 5000, env, ...options })
  try {
    return (await courier.send({ url, method: 'POST', body: '{}' })).text
  } finally {
    await courier.close()
  }
}

test('the proxy of the environment leads to others, with name and password, and past it to what it is not for', async () => {
  const authoritiesOf = () => authority.cert
  expect(await asked(`https://${name}/`, { authoritiesOf })).toBe(`safe for ${name}`)
  expect(await asked('http://plain.example.com/')).toBe('for plain.example.com')
  expect(proxy.connected).toEqual([`${name}:443`, 'plain.example.com:80'])
  expect(proxy.proofs[0]).toBe(`Basic ${Buffer.from('ann:word').toString('base64')}`)
  for (const host of ['localhost', '127.0.0.1'])
    expect(await asked(`http://${host}:${portOf(plain)}/`)).toBe(`for ${host}:${portOf(plain)}`)
  await expect(asked('http://x.internal.example/')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/)
  expect(proxy.connected).toHaveLength(2)
})

test('whom a host is signed by is told by its name, and is asked for where it is missing', async () => {
  const authoritiesOf = (url: string) => (new URL(url).hostname === name ? authority.cert : undefined)
  const url = `https://localhost:${portOf(encrypted)}/`
  await expect(asked(url, { authoritiesOf })).rejects.toMatchObject({
    retry: true,
    message: expect.stringMatching(/: add its authority to argocd-tls-certs-cm under the name of the host$/),
  })
  expect(await asked(url, { authoritiesOf: () => authority.cert })).toBe(`safe for localhost:${portOf(encrypted)}`)
})

const ownName = hostname()
const ownAddress = await lookup(ownName).then(
  ({ address }) => address,
  () => undefined,
)
if (!ownAddress) console.warn(`SKIPPED: the name of this machine behind a proxy, since ${ownName} is nowhere`)

test('a proxy leads nobody to this machine either', async () => {
  const isRefused = (ip: string) => /^127\.|^::1$/.test(ip) || ip === ownAddress
  const refusal = { retry: false, message: expect.stringMatching(/which is refused: start Tiphys with --allow-local/) }
  const before = proxy.connected.length
  for (const host of ['127.0.0.1', 'localhost', ...(ownAddress ? [ownName] : [])])
    await expect(asked(`https://${host}/`, { isRefused })).rejects.toMatchObject(refusal)
  expect(proxy.connected).toHaveLength(before)
})

test('a proxy that refuses, or is no address, is told as such', async () => {
  const strict = await startProxy({ admits: 'Basic x' })
  const advice = /: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of Tiphys, and the name and password in them$/
  await expect(asked(`https://${name}/`, { env: { HTTPS_PROXY: `http://127.0.0.1:${strict.port}` } })).rejects.toThrow(
    /407.*: check HTTPS_PROXY/,
  )
  await expect(asked(`https://${name}/`, { env: { HTTPS_PROXY: 'http://:x' } })).rejects.toThrow(advice)
  await strict.close()
})
