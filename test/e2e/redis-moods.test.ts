/** The shared cache on a real Redis that is full, read-only, behind TLS, or takes another password: each is said once, and costs nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import {
  connectRedis,
  openSharedCache,
  type RedisFlags,
  redisCredentials,
  redisSettings,
  type SharedCache,
} from '../../src/shared-cache/index.ts'
import { makeAuthority } from './certificates.ts'
import { untilWithin } from './patience.ts'
import { type RedisHost, redisServer, startRedis } from './redis-host.ts'
import { freePort } from './server-program.ts'

if (!redisServer) {
  console.warn('SKIPPED: the shared cache on Redis, since redis-server is not installed: apt-get install redis-server')
}
const testWithRedis = test.skipIf(!redisServer)
const password = 'a-password-of-redis'
const opened: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

let authority: Awaited<ReturnType<typeof makeAuthority>>
beforeAll(async () => {
  authority = await makeAuthority()
})

async function openHost(settings?: (folder: string) => string[]): Promise<RedisHost> {
  const host = await startRedis({ password, ...(settings && { settings }) })
  opened.push(host.close)
  return host
}

interface Opening {
  host: RedisHost
  flags?: RedisFlags
  env?: Record<string, string>
  secret?: Record<string, string>
}

async function openCache({ host, flags = {}, env = {}, secret = { auth: password } }: Opening) {
  const said: string[] = []
  const say = (_fields: object, message: string) => void said.push(message)
  const given = { redis: host.server, ...flags }
  const settings = redisSettings({ flags: given, parameters: {}, env }, (message) => say({}, message))
  if (!settings) throw new Error(said.join())
  const cache = await openSharedCache({
    ...settings,
    server: host.server,
    connect: async (signal) =>
      connectRedis(settings, { credentials: await redisCredentials({ env, secret: { ...secret } }), signal }),
    secretKey: () => 'key',
    log: { info: say, warn: say },
    times: { refusalMs: 50, pauseMs: 50 },
  })
  opened.push(cache.close.bind(cache))
  return { cache, said }
}

const value = Buffer.from('value')

async function keeps(cache: SharedCache, key: string): Promise<boolean> {
  await cache.put(key, value)
  return (await cache.get(key))?.equals(value) === true
}

const until = untilWithin(5_000)

testWithRedis('what is put is there for a while, in the database and under the prefix that are set', async () => {
  const host = await openHost()
  const { cache, said } = await openCache({ host, env: { REDISDB: '3', ARGOCD_REDIS_KEY_PREFIX: 'mine:' } })
  expect(await keeps(cache, 'shop')).toBe(true)
  expect(await cache.renew(['shop', 'other'])).toEqual(['other'])
  const client = await host.client({ db: 3 })
  const [key = '', ...more] = await client.keys('*')
  expect(more).toEqual([])
  expect(key).toMatch(/^mine:tiphys:1:/)
  expect(await client.ttl(key)).toBeGreaterThan(86_000)
  expect(said).toEqual([expect.stringContaining('Redis is there')])
  await client.del(key)
  await client.lpush(key, 'another kind of value')
  client.disconnect()
  expect(await cache.get('shop')).toBeUndefined()
  expect([cache.rejected, cache.isConnected]).toEqual([1, true])
})

testWithRedis('a password that is wrong is said, and the right one is taken up', async () => {
  const host = await openHost()
  const secret = { auth: 'another' }
  const { cache, said } = await openCache({ host, secret })
  expect(cache.isConnected).toBe(false)
  expect(await keeps(cache, 'shop')).toBe(false)
  expect(said).toEqual([expect.stringMatching(/^Redis is lost: WRONGPASS/)])
  expect(said.join()).not.toContain('another')
  secret.auth = password
  await until('it is there', () => cache.isConnected)
  expect(await keeps(cache, 'shop')).toBe(true)
})

testWithRedis('a user needs three commands, on our names only', async () => {
  const host = await openHost()
  const client = await host.client()
  await client.call('ACL', 'SETUSER', 'tiphys', 'on', '>of-the-user', '~tiphys:*', '+getrange', '+set', '+expire')
  const env = { REDIS_USERNAME: 'tiphys', REDIS_PASSWORD: 'of-the-user' }
  const { cache } = await openCache({ host, env })
  expect(await keeps(cache, 'shop')).toBe(true)
  expect(await cache.renew(['shop', 'other'])).toEqual(['other'])
  await client.call('ACL', 'SETUSER', 'tiphys', '-getrange')
  client.disconnect()
  const { cache: blind, said } = await openCache({ host, env })
  expect(blind.isConnected).toBe(false)
  expect(said).toEqual([expect.stringContaining('NOPERM')])
})

testWithRedis('one that is full is read from, and written to again once it has room', async () => {
  const host = await openHost()
  const { cache, said } = await openCache({ host })
  expect(await keeps(cache, 'before')).toBe(true)
  const client = await host.client()
  await client.config('SET', 'maxmemory', '1')
  expect(await keeps(cache, 'meanwhile')).toBe(false)
  expect((await cache.get('before'))?.equals(value)).toBe(true)
  await client.config('SET', 'maxmemory', '0')
  client.disconnect()
  await until('it takes values again', () => keeps(cache, 'after'))
  expect(said.slice(1)).toEqual([expect.stringContaining('Redis takes no values: OOM'), 'Redis takes values again'])
})

testWithRedis(
  'one that has become a replica is read from, and written to once its name leads to a master',
  async () => {
    const host = await openHost()
    const { cache, said } = await openCache({ host })
    expect(await keeps(cache, 'before')).toBe(true)
    const client = await host.client()
    await client.replicaof('127.0.0.1', '1')
    expect(await keeps(cache, 'meanwhile')).toBe(false)
    await until('it is connected again', () => cache.isConnected)
    expect((await cache.get('before'))?.equals(value)).toBe(true)
    await client.replicaof('NO', 'ONE')
    client.disconnect()
    await until('it takes values again', () => keeps(cache, 'after'))
    expect(said.slice(1)).toEqual([expect.stringContaining('READONLY'), 'Redis takes values again'])
  },
)

testWithRedis('of a frozen one nobody waits longer than for the first answers', async () => {
  const host = await openHost()
  const { cache, said } = await openCache({ host })
  expect(await keeps(cache, 'before')).toBe(true)
  host.signal('SIGSTOP')
  const begun = performance.now()
  for (let look = 0; look < 500; look++) expect(await cache.get('before')).toBeUndefined()
  expect(performance.now() - begun).toBeLessThan(2_000)
  await sleep(500)
  host.signal('SIGCONT')
  await until('it is back', async () => (await cache.get('before')) !== undefined)
  expect(said).toHaveLength(3)
})

testWithRedis('with TLS it is one that its authority vouches for, and that knows us', async () => {
  const issued = await authority.server()
  const shown = await authority.client('tiphys')
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-redis-tls-'))
  opened.push(async () => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const ca = file('ca.pem', authority.cert)
  const host = await openHost(() => [
    'tls-port 0',
    `tls-cert-file ${file('server.pem', issued.cert)}`,
    `tls-key-file ${file('server-key.pem', issued.key)}`,
    `tls-ca-cert-file ${ca}`,
  ])
  const client = await host.client()
  const port = await freePort()
  await client.config('SET', 'tls-port', String(port))
  client.disconnect()
  const tls = { redis: `localhost:${port}`, redisUseTls: true }
  const pair = { redisClientCertificate: file('tiphys.pem', shown.cert), redisClientKey: file('key.pem', shown.key) }
  const { cache } = await openCache({ host, flags: { ...tls, ...pair, redisCaCertificate: ca } })
  expect(await keeps(cache, 'shop')).toBe(true)
  const unknown = await openCache({ host, flags: { ...tls, ...pair } })
  expect(unknown.said).toEqual([expect.stringMatching(/^Redis is lost: .*certificate/)])
  const stranger = await openCache({ host, flags: { ...tls, redisCaCertificate: ca } })
  expect(stranger.cache.isConnected).toBe(false)
  const plain = await openCache({ host, flags: { redis: `localhost:${port}` } })
  expect(plain.cache.isConnected).toBe(false)
})
