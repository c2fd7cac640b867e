import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { KubeError } from './kube-error.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server whose answer to every request the test writes. */
async function start(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  options: { silenceMs?: number } = {},
) {
  const asked: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    asked.push(request)
    answer(response, request)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const authenticate = async () => ({ headers: { authorization: 'Bearer token' } })
  const client = connect(
    { name: 'test', server: `http://127.0.0.1:${port}`, authenticate },
    { random: () => 0, ...options },
  )
  closing.push(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { client, asked, sockets }
}

const pod = { namespace: 'shop', name: 'web' }
const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 })

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const line of lines) found.push(line)
  return found
}

test('what is asked for stands in the query, in our name or in that of another', async () => {
  const { client, asked } = await start((response) => response.end('one\ntwo\n'))
  const options = { container: 'main', previous: true, tailLines: 0, sinceSeconds: 5, timestamps: true, limitBytes: 9 }
  expect(await all(client.logs(pod, options))).toEqual(['one', 'two'])
  expect(asked[0]?.url).toBe(
    '/api/v1/namespaces/shop/pods/web/log?container=main&previous=true&tailLines=0&sinceSeconds=5&timestamps=true&limitBytes=9',
  )
  await all(client.as('jane').logs(pod, { follow: false, sinceTime: '2026-01-01T00:00:00Z' }))
  expect(asked[1]?.url).toBe('/api/v1/namespaces/shop/pods/web/log?sinceTime=2026-01-01T00%3A00%3A00Z')
  expect(asked[1]?.headers).toMatchObject({ 'impersonate-user': 'jane', authorization: 'Bearer token' })
  expect(client.requests.logs).toBe(2)
})

test('nothing is asked before the first line is wanted', async () => {
  const { client, asked } = await start((response) => response.end())
  const lines = client.logs(pod)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toEqual([])
  expect(await all(lines)).toEqual([])
})

test('a refusal is told with the words of the server', async () => {
  const message = 'container "main" in pod "web" is waiting to start: ContainerCreating'
  const { client } = await start((response) =>
    response.writeHead(400).end(JSON.stringify({ kind: 'Status', code: 400, reason: 'BadRequest', message })),
  )
  const error = await all(client.logs(pod)).catch((error) => error)
  expect(error).toBeInstanceOf(KubeError)
  expect(error).toMatchObject({ code: 400, reason: 'BadRequest', message })
})

test('a log that breaks off is told as such, after the lines that came', async () => {
  const { client } = await start((response) => {
    response.write('one\n')
    setTimeout(() => response.destroy(), 20)
  })
  const lines: string[] = []
  const reading = (async () => {
    for await (const line of client.logs(pod)) lines.push(line)
  })()
  await expect(reading).rejects.toThrow('the log of shop/web broke off')
  expect(lines).toEqual(['one'])
})

test('a followed log ends when it is no longer wanted, and its connection with it', async () => {
  const { client, sockets } = await start((response) => void response.write('one\ntwo\n'))
  const abort = new AbortController()
  const lines: string[] = []
  const reading = (async () => {
    for await (const line of client.logs(pod, { follow: true, signal: abort.signal })) lines.push(line)
  })()
  await until(() => expect(lines).toEqual(['one', 'two']))
  expect(sockets.size).toBe(1)
  abort.abort()
  await reading
  await until(() => expect(sockets.size).toBe(0))
})

test('the connection ends with the loop that reads it', async () => {
  const { client, sockets } = await start((response) => void response.write('one\ntwo\n'))
  for await (const line of client.logs(pod, { follow: true })) {
    expect(line).toBe('one')
    break
  }
  await until(() => expect(sockets.size).toBe(0))
})

test('a reader that has stopped between two lines lets go of the connection when it aborts', async () => {
  const { client, sockets } = await start((response) => void response.write('one\ntwo\n'))
  const abort = new AbortController()
  const lines = client.logs(pod, { follow: true, signal: abort.signal })[Symbol.asyncIterator]()
  expect(await lines.next()).toEqual({ done: false, value: 'one' })
  abort.abort()
  await until(() => expect(sockets.size).toBe(0))
  expect((await lines.next()).done).toBe(true)
})

test('a slow reader makes the server wait', async () => {
  let sent = 0
  const { client } = await start((response) => {
    const line = `${'x'.repeat(1023)}\n`
    response.on('close', () => clearInterval(timer))
    const timer = setInterval(() => {
      for (let n = 0; n < 2_000 && !response.writableNeedDrain; n++) {
        response.write(line)
        sent += line.length
      }
    }, 1)
  })
  const lines = client.logs(pod, { follow: true })[Symbol.asyncIterator]()
  await lines.next()
  let before = -1
  // As long as the server gets rid of more, somebody takes it: the kernels have room for some megabytes.
  await vi.waitFor(
    () => {
      const now = sent
      const stalled = now === before
      before = now
      expect(stalled).toBe(true)
    },
    { timeout: 10_000, interval: 200 },
  )
  expect(sent).toBeLessThan(32 * 1024 * 1024)
  for (let n = 0; n < 20_000; n++) await lines.next()
  await until(() => expect(sent).toBeGreaterThan(before))
  await lines.return?.(undefined)
})

test('a follow may be silent for longer than any other answer, before its first line, too', async () => {
  const late = (response: ServerResponse) => void setTimeout(() => response.write('late\n'), 3_500)
  const { client } = await start(
    (response, { url }) => (url?.includes('follow') ? late(response) : response.flushHeaders()),
    { silenceMs: 1_000 },
  )
  const followed = client.logs(pod, { follow: true })[Symbol.asyncIterator]()
  const [first, once] = await Promise.allSettled([followed.next(), all(client.logs(pod))])
  expect(first).toMatchObject({ value: { value: 'late' } })
  expect(once.status).toBe('rejected')
  await followed.return?.(undefined)
})
