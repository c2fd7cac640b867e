import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type Connection, RefusedByRedis } from './redis-connection.ts'
import { type LinkOptions, RedisLink } from './redis-link.ts'

const times = { connectMs: 100, readMs: 80, writeMs: 100, pauseMs: 5, longestPauseMs: 20, refusalMs: 150 }
const links: RedisLink[] = []
afterEach(async () => {
  for (const link of links.splice(0)) await link.close()
})

type Mood = 'well' | 'frozen' | 'away' | 'full' | 'read-only' | 'forbidding'

/** A server whose mood changes. */
function fakeServer() {
  const server = { mood: 'well' as Mood, connections: 0, asked: 0, written: 0 }
  const never = new Promise<never>(() => {})
  async function connect(signal: AbortSignal): Promise<Connection> {
    if (server.mood === 'away') throw new Error('connect ECONNREFUSED')
    if (server.mood === 'frozen') {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('closed'))))
    }
    server.connections++
    let close = () => {}
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    return {
      async get() {
        server.asked++
        if (server.mood === 'frozen') return never
        if (server.mood === 'forbidding') throw new RefusedByRedis('NOPERM this user has no permissions')
        return Buffer.from('value')
      },
      async set() {
        server.written++
        if (server.mood === 'frozen') return never
        if (server.mood === 'full') throw new RefusedByRedis('OOM command not allowed')
        if (server.mood === 'read-only')
          throw new RefusedByRedis("READONLY You can't write against a read only replica.")
      },
      renew: async () => [],
      closed,
      close,
    }
  }
  return { server, connect }
}

function open(connect: LinkOptions['connect']) {
  const said: string[] = []
  const requests: string[] = []
  const say = (_fields: object, message: string) => said.push(message.split(':', 2).join(':'))
  const link = new RedisLink({
    server: 'redis:6379',
    connect,
    log: { info: say, warn: say },
    observe: (command, seconds, failed) => requests.push(`${command} ${seconds < 1} ${failed}`),
    onConnected: () => {},
    times,
  })
  links.push(link)
  return { link, said, requests }
}

const read = (link: RedisLink) => link.read('getrange', (connection) => connection.get('name', 10))
const write = (link: RedisLink) => link.write('set', (connection) => connection.set('name', Buffer.alloc(1), 10))

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (isSo()) return
    await sleep(5)
  }
  throw new Error('not within two seconds')
}

test('what is asked is answered, and counted', async () => {
  const { connect } = fakeServer()
  const { link, said, requests } = open(connect)
  await link.tried()
  expect((await read(link))?.toString()).toBe('value')
  await write(link)
  expect(requests).toEqual(['getrange true false', 'set true false'])
  expect(said).toEqual(['Redis is there: renderings are shared with other replicas'])
})

test('of a frozen server only the first few questions wait, then none, until it is back', async () => {
  const { server, connect } = fakeServer()
  const { link, said, requests } = open(connect)
  await link.tried()
  server.mood = 'frozen'
  for (let tries = 0; tries < 3; tries++) expect(await read(link)).toBeUndefined()
  expect(link.isConnected).toBe(false)
  const { asked } = server
  const begun = performance.now()
  for (let tries = 0; tries < 1000; tries++) if (await read(link)) throw new Error('a frozen server has answered')
  expect(performance.now() - begun).toBeLessThan(times.readMs * 100)
  expect(server.asked).toBe(asked)
  expect(requests).toEqual(Array(3).fill('getrange true true'))
  await sleep(150)
  server.mood = 'well'
  await until(() => link.isConnected)
  expect((await read(link))?.toString()).toBe('value')
  expect(said).toEqual([
    'Redis is there: renderings are shared with other replicas',
    expect.stringMatching(/^Redis is lost: no answer within 80 ms\. Everything goes on/),
    'Redis is there: renderings are shared with other replicas',
  ])
})

test('one answer that comes late is no loss', async () => {
  const { server, connect } = fakeServer()
  const { link, said } = open(connect)
  await link.tried()
  for (let tries = 0; tries < 5; tries++) {
    server.mood = 'frozen'
    await read(link)
    await read(link)
    server.mood = 'well'
    expect(await read(link)).toBeDefined()
  }
  expect(said).toHaveLength(1)
  expect(server.connections).toBe(1)
})

test('one that is not there is tried again and again, and said to be lost once', async () => {
  const { server, connect } = fakeServer()
  server.mood = 'away'
  const { link, said } = open(connect)
  await link.tried()
  expect(await read(link)).toBeUndefined()
  await write(link)
  await sleep(100)
  server.mood = 'well'
  await until(() => link.isConnected)
  expect(said).toEqual([
    expect.stringContaining('Redis is lost: connect ECONNREFUSED'),
    expect.stringContaining('is there'),
  ])
})

test('one that permits no reading is not taken for being there', async () => {
  const { server, connect } = fakeServer()
  server.mood = 'forbidding'
  const { link, said } = open(connect)
  await sleep(100)
  expect(link.isConnected).toBe(false)
  expect(said).toEqual([expect.stringContaining('NOPERM')])
})

test('one that is full is still read from, and written to again when it takes something', async () => {
  const { server, connect } = fakeServer()
  const { link, said } = open(connect)
  await link.tried()
  server.mood = 'full'
  for (let tries = 0; tries < 10; tries++) await write(link)
  expect(server.written).toBe(1)
  expect(await read(link)).toBeDefined()
  server.mood = 'well'
  await write(link)
  expect(server.written).toBe(1)
  await sleep(times.refusalMs + 10)
  await write(link)
  expect(server.written).toBe(2)
  expect(said.slice(1)).toEqual([expect.stringContaining('Redis takes no values: OOM'), 'Redis takes values again'])
  expect(server.connections).toBe(1)
})

test('a replica that became read-only is left for what its name leads to by now, without a word about loss', async () => {
  const { server, connect } = fakeServer()
  const { link, said } = open(connect)
  await link.tried()
  server.mood = 'read-only'
  await write(link)
  server.mood = 'well'
  await until(() => server.connections === 2 && link.isConnected)
  await sleep(times.refusalMs)
  await write(link)
  expect(said.slice(1)).toEqual([expect.stringContaining('READONLY'), 'Redis takes values again'])
})

test('an answer that has come while the process was busy counts', async () => {
  const { connect } = fakeServer()
  const { link } = open(connect)
  await link.tried()
  const answer = link.read('getrange', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return 'answer'
  })
  const begun = performance.now()
  while (performance.now() - begun < times.readMs * 2);
  expect(await answer).toBe('answer')
})

test('closing ends a try that hangs', async () => {
  const { server, connect } = fakeServer()
  server.mood = 'frozen'
  const { link, said } = open(connect)
  await link.close()
  expect(said).toEqual([])
})
