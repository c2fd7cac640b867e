import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Connection } from './redis-connection.ts'
import { openSharedCache, type SharedCache } from './shared-cache.ts'

const caches: SharedCache[] = []
afterEach(async () => {
  for (const cache of caches.splice(0)) await cache.close()
})

function fakeServer() {
  const values = new Map<string, Buffer>()
  const limits: number[] = []
  async function connect(): Promise<Connection> {
    let close = () => {}
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    return {
      async get(name, limit) {
        limits.push(limit)
        return values.get(name)?.subarray(0, limit)
      },
      set: async (name, value) => void values.set(name, value),
      renew: async (names) => names.map((name) => values.has(name)),
      closed,
      close,
    }
  }
  return { values, limits, connect }
}

interface Opening {
  secretKey?: () => string | undefined
  compression?: 'gzip' | 'none'
}

async function openOn(
  connect: () => Promise<Connection>,
  { secretKey = () => 'key', compression = 'gzip' }: Opening = {},
) {
  const warnings: string[] = []
  const log = { info() {}, warn: (_fields: object, message: string) => void warnings.push(message) }
  const options = { server: 'redis:6379', connect, compression, expirySeconds: 60, secretKey, log }
  const cache = await openSharedCache(options)
  caches.push(cache)
  return { cache, warnings }
}

test('what one has put another gets, if it has the same secret key', async () => {
  const { connect } = fakeServer()
  const [one, other] = [await openOn(connect), await openOn(connect, { compression: 'none' })]
  const stranger = await openOn(connect, { secretKey: () => 'another' })
  await one.cache.put('shop', Buffer.from('value'))
  await other.cache.put('other', Buffer.from('other value'))
  expect((await other.cache.get('shop'))?.toString()).toBe('value')
  expect((await one.cache.get('other'))?.toString()).toBe('other value')
  expect(await one.cache.get('nothing')).toBeUndefined()
  expect(await stranger.cache.get('shop')).toBeUndefined()
  // Its names are others: it meets nothing that it would have to refuse.
  expect(stranger.cache.rejected).toBe(0)
})

test('neither names nor values tell what is in them', async () => {
  const { values, connect } = fakeServer()
  for (const compression of ['gzip', 'none'] as const) {
    const { cache } = await openOn(connect, { compression })
    await cache.put(`key of ${compression}`, Buffer.from('a password, a password, a password'))
  }
  expect(values.size).toBe(2)
  const all = [...values].map(([name, value]) => `${name} ${value.toString('latin1')}`).join()
  expect(all).not.toMatch(/password|key of/)
})

test('whatever somebody has written there is as if nothing was there; it is counted, and told once', async () => {
  const { values, connect } = fakeServer()
  const { cache, warnings } = await openOn(connect)
  await cache.put('mine', Buffer.from('mine'))
  await cache.put('other', Buffer.from('other'))
  const [[name, mine], [, other]] = [...values] as [[string, Buffer], [string, Buffer]]
  const flipped = fc.tuple(fc.nat(mine.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
    const changed = Buffer.from(mine)
    changed.writeUInt8(changed.readUInt8(at) ^ by, at)
    return changed
  })
  const forgeries = fc.oneof(
    flipped,
    fc.integer({ min: 1, max: mine.length - 1 }).map((end) => mine.subarray(0, end)),
    fc.uint8Array({ minLength: 1 }).map((array) => Buffer.from(array)),
    fc.uint8Array({ minLength: 1 }).map((array) => Buffer.concat([mine, array])),
    fc.constant(other),
    fc.constant(randomBytes(9 * 1024 * 1024)),
  )
  let count = 0
  await fc.assert(
    fc.asyncProperty(forgeries, async (forged) => {
      values.set(name, forged)
      expect(await cache.get('mine')).toBeUndefined()
      expect(cache.rejected).toBe(++count)
    }),
    { numRuns: 200 },
  )
  expect(warnings).toEqual([expect.stringContaining('was not written by this installation')])
  values.set(name, mine)
  expect((await cache.get('mine'))?.toString()).toBe('mine')
})

test('no more is read than a value of ours can have, and nothing larger is put there', async () => {
  const { values, limits, connect } = fakeServer()
  const { cache } = await openOn(connect)
  await cache.put('large', randomBytes(8 * 1024 * 1024))
  await cache.put('huge', Buffer.alloc(65 * 1024 * 1024))
  expect(values.size).toBe(0)
  await cache.put('shrinks', Buffer.alloc(20 * 1024 * 1024))
  expect(values.size).toBe(1)
  expect(await cache.get('shrinks')).toHaveLength(20 * 1024 * 1024)
  expect(limits.filter((limit) => limit > 1)).toEqual([8 * 1024 * 1024 + 1])
})

test('without a secret key nothing is kept; with a new one what was kept before is not found', async () => {
  const { values, connect } = fakeServer()
  let key: string | undefined
  const { cache, warnings } = await openOn(connect, { secretKey: () => key })
  await cache.put('shop', Buffer.from('value'))
  expect(values.size).toBe(0)
  expect(await cache.get('shop')).toBeUndefined()
  key = 'first'
  await cache.put('shop', Buffer.from('value'))
  expect((await cache.get('shop'))?.toString()).toBe('value')
  key = 'second'
  expect(await cache.get('shop')).toBeUndefined()
  expect([cache.rejected, warnings]).toEqual([0, []])
})

test('of what is renewed, that is told which is not there; while the server is away, nothing', async () => {
  const { connect } = fakeServer()
  const { cache } = await openOn(connect)
  const keys = Array.from({ length: 450 }, (_, number) => `key ${number}`)
  for (const key of keys.slice(0, 440)) await cache.put(key, Buffer.from(key))
  expect(await cache.renew(keys)).toEqual(keys.slice(440))
  const away = await openOn(() => Promise.reject(new Error('away')))
  expect(await away.cache.renew(keys)).toEqual([])
  await away.cache.put('shop', Buffer.from('value'))
  expect(await away.cache.get('shop')).toBeUndefined()
})

test('whenever it is there again, what is known here is put there; a failure of that harms nothing', async () => {
  const { connect } = fakeServer()
  const connections: Connection[] = []
  const { cache, warnings } = await openOn(async () => {
    const connection = await connect()
    connections.push(connection)
    return connection
  })
  let renewed = 0
  cache.keepFresh(async () => {
    renewed++
    throw new Error('renewing failed')
  })
  connections[0]?.close()
  for (let tries = 0; renewed === 0 && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(renewed).toBe(1)
  expect(warnings).toContainEqual(expect.stringContaining('could not be renewed'))
})
