import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from './clock.ts'
import { connect } from './connect.ts'
import type { ExecOptions, ExecSession } from './kube-client.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const options: ExecOptions = {
  namespace: 'shop',
  name: 'web',
  container: 'main',
  command: ['sh', '-c', 'a b'],
  tty: false,
  stdin: true,
}
const v4 = 'v4.channel.k8s.io'
const v5 = 'v5.channel.k8s.io'
const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 })

async function listen(server: Server, clock?: Clock) {
  const sockets = new Set<Duplex>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tokens: boolean[] = []
  const authenticate = async ({ renew = false } = {}) => {
    tokens.push(renew)
    return { headers: { authorization: renew ? 'Bearer new' : 'Bearer old' } }
  }
  const client = connect({ name: 'test', server: `http://127.0.0.1:${port}/base`, authenticate }, clock && { clock })
  closing.push(async () => {
    await client.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { client, tokens, sockets }
}

interface Kubelet {
  protocols?: string[]
  clock?: Clock
  serve?: (socket: WebSocket, request: IncomingMessage) => void
}

/** A kubelet whose end of the session the test plays. */
async function kubelet({ protocols = [v5, v4], clock, serve = () => {} }: Kubelet = {}) {
  const server = createServer()
  const asked: IncomingMessage[] = []
  const heard: Buffer[] = []
  const handleProtocols = (offered: Set<string>) => protocols.find((protocol) => offered.has(protocol)) ?? false
  const channels = new WebSocketServer({ server, handleProtocols })
  channels.on('connection', (socket, request) => {
    asked.push(request)
    socket.on('message', (data) => heard.push(data as Buffer))
    serve(socket, request)
  })
  return { ...(await listen(server, clock)), asked, heard }
}

/** A server that answers an upgrade with bytes of any kind. */
async function raw(answer: (socket: Duplex, request: IncomingMessage) => void, clock?: Clock) {
  const server = createServer()
  server.on('upgrade', (request, socket) => {
    socket
      .on('error', () => {})
      .on('end', () => socket.end())
      .resume()
    answer(socket, request)
  })
  return listen(server, clock)
}

function accept(socket: Duplex, { headers }: IncomingMessage, protocol = v5): void {
  // As the kubelet does.
  if (headers.accept !== '*/*') return void socket.end('HTTP/1.1 406 Not Acceptable\r\nconnection: close\r\n\r\n')
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const answer = createHash('sha1').update(key).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  )
}

const say = (socket: WebSocket, channel: number, data: string | Buffer) =>
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data as string)]))
const success = '{"metadata":{},"status":"Success"}'
const exited = (code: number) =>
  JSON.stringify({
    status: 'Failure',
    message: `command terminated with non-zero exit code`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  })

async function outputOf({ output }: ExecSession) {
  const texts = { stdout: '', stderr: '' }
  for await (const { channel, data } of output) texts[channel] += data.toString('latin1')
  return texts
}

test('the command, its container and what it is given stand in the query, and our name in the headers', async () => {
  const { client, asked } = await kubelet()
  await client.exec(options)
  const url = new URL(asked[0]?.url ?? '', 'http://server')
  expect(url.pathname).toBe('/base/api/v1/namespaces/shop/pods/web/exec')
  expect(url.searchParams.getAll('command')).toEqual(['sh', '-c', 'a b'])
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    container: 'main',
    stdin: 'true',
    stdout: 'true',
    stderr: 'true',
    tty: 'false',
  })
  expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer old', 'sec-websocket-protocol': `${v5}, ${v4}` })
  await client.as('jane').exec({ ...options, tty: true })
  expect(asked[1]?.headers['impersonate-user']).toBe('jane')
  expect(new URL(asked[1]?.url ?? '', 'http://server').searchParams.get('stderr')).toBe('false')
  expect(client.requests.exec).toBe(2)
})

test.each([[v5], [v4]])('%s carries output, input, the size of the terminal and the exit code', async (protocol) => {
  const { client, heard } = await kubelet({
    protocols: [protocol],
    serve(socket) {
      say(socket, 1, '')
      say(socket, 1, 'out')
      say(socket, 2, 'err')
      socket.on('message', (data) => {
        if ((data as Buffer).toString('latin1', 1) !== 'exit 7\n') return
        say(socket, 3, exited(7))
        socket.close(1000)
      })
    },
  })
  const session = await client.exec(options)
  expect(session.protocol).toBe(protocol)
  session.resize({ cols: 80, rows: 1e9 })
  await session.write(Buffer.from([0, 255, 128]))
  session.endInput()
  await session.write('exit 7\n')
  expect(await outputOf(session)).toEqual({ stdout: 'out', stderr: 'err' })
  expect(await session.done).toEqual({ exitCode: 7 })
  const end = protocol === v5 ? ['ff00'] : []
  const resized = Buffer.from('\x04{"Width":80,"Height":65535}').toString('hex')
  expect(heard.map((data) => data.toString('hex'))).toEqual([
    resized,
    '0000ff80',
    ...end,
    Buffer.from('\0exit 7\n').toString('hex'),
  ])
})

test('a long input goes in pieces and arrives whole', async () => {
  const { client, heard } = await kubelet()
  const session = await client.exec(options)
  const input = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251))
  await session.write(input)
  await until(() => expect(Buffer.concat(heard.map((data) => data.subarray(1))).equals(input)).toBe(true))
  expect(heard.every((data) => data[0] === 0)).toBe(true)
})

test('a session without stdin takes none', async () => {
  const { client } = await kubelet()
  const session = await client.exec({ ...options, stdin: false })
  await expect(session.write('ls\n')).rejects.toThrow('opened without stdin')
})

test.each([
  [success, { exitCode: 0 }],
  [exited(126), { exitCode: 126 }],
  ['{"status":"Failure","reason":"InternalError","message":"no such file"}', { error: 'no such file' }],
  ['not json', { error: 'the connection ended before the command did' }],
  ['null', { error: 'the connection ended before the command did' }],
])('a session that ends with %s', async (status, end) => {
  const { client } = await kubelet({
    serve(socket) {
      say(socket, 3, status)
      say(socket, 1, 'late')
      socket.close(1000)
    },
  })
  const session = await client.exec(options)
  expect(await outputOf(session)).toEqual({ stdout: 'late', stderr: '' })
  expect(await session.done).toEqual(end)
  await session.write('into nothing')
})

test('a refused upgrade is told with the words of the server', async () => {
  const status = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'pods "web" is forbidden' }
  const text = JSON.stringify(status)
  const { client } = await raw((socket) =>
    socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`),
  )
  await expect(client.exec(options)).rejects.toMatchObject({
    name: 'KubeError',
    code: 403,
    reason: 'Forbidden',
    message: 'pods "web" is forbidden',
  })
})

test('a token that the server no longer takes is renewed', async () => {
  const { client, tokens } = await raw((socket, request) => {
    if (request.headers.authorization === 'Bearer new') accept(socket, request)
    else socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  })
  await client.exec(options)
  expect(tokens).toEqual([false, true])
})

test.each([
  ['instead of upgrading', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['another request', `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n`],
])('a server that does not speak the protocol is told so: %s', async (words, answer) => {
  const { client, sockets } = await raw((socket) => void socket.write(answer))
  await expect(client.exec(options)).rejects.toThrow(words)
  await client.close()
  await until(() => expect(sockets.size).toBe(0))
})

test('a server that takes none of our protocols is told so', async () => {
  const { client, sockets } = await raw((socket, request) => accept(socket, request, 'channel.k8s.io'))
  await expect(client.exec(options)).rejects.toThrow(`it speaks none of ${v5}, ${v4}`)
  await until(() => expect(sockets.size).toBe(0))
})

test('a server that dies in the middle ends the output and says so in the end', async () => {
  const { client } = await kubelet({
    serve(socket) {
      say(socket, 1, 'begun')
      setTimeout(() => socket.terminate(), 20)
    },
  })
  const session = await client.exec(options)
  expect((await outputOf(session)).stdout).toBe('begun')
  expect(await session.done).toMatchObject({ error: expect.stringContaining('the connection') })
})

test('a server that closes with a reason is quoted', async () => {
  const { client } = await kubelet({ serve: (socket) => socket.close(1011, 'the node is going away') })
  const session = await client.exec(options)
  expect(await session.done).toEqual({ error: 'the server ended the session: the node is going away' })
})

test.each([['close'], ['abort']])(
  '%s ends the session on both sides, with output that nobody has read',
  async (how) => {
    const { client, sockets } = await kubelet({
      serve(socket) {
        for (let n = 0; n < 500; n++) say(socket, 1, Buffer.alloc(10_000))
      },
    })
    const abort = new AbortController()
    const session = await client.exec({ ...options, signal: abort.signal })
    if (how === 'close') session.close()
    else abort.abort()
    expect(await session.done).toEqual({ error: 'the session was closed' })
    await outputOf(session)
    await until(() => expect(sockets.size).toBe(0))
  },
)

test('an exec that is aborted before the server answers leaves nothing behind', async () => {
  const { client, sockets } = await raw(() => {})
  const abort = new AbortController()
  const opening = client.exec({ ...options, signal: abort.signal })
  await until(() => expect(sockets.size).toBe(1))
  abort.abort(new Error('the browser has gone'))
  await expect(opening).rejects.toThrow('the browser has gone')
  await until(() => expect(sockets.size).toBe(0))
})

test('closing the client ends its sessions', async () => {
  const { client, sockets } = await kubelet()
  const session = await client.exec(options)
  await client.close()
  expect(await session.done).toMatchObject({ error: expect.stringContaining('the connection') })
  await until(() => expect(sockets.size).toBe(0))
})

test('a reader that has seen enough still learns how the command ended', async () => {
  const { client } = await kubelet({
    serve(socket) {
      for (let n = 0; n < 200; n++) say(socket, 1, Buffer.alloc(10_000))
      say(socket, 3, success)
      socket.close(1000)
    },
  })
  const session = await client.exec(options)
  for await (const { data } of session.output) {
    expect(data.length).toBeGreaterThan(0)
    break
  }
  expect(await session.done).toEqual({ exitCode: 0 })
})

test('a slow reader makes the server wait', async () => {
  let sent = 0
  const { client } = await raw((socket, request) => {
    accept(socket, request)
    // One message without an end, as fast as it is taken.
    socket.write(Buffer.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0, 1]))
    const chunk = Buffer.alloc(65_536)
    const pour = () => {
      while (socket.writable && socket.write(chunk)) sent += chunk.length
    }
    socket.on('drain', pour)
    pour()
  })
  const session = await client.exec(options)
  const pieces = session.output[Symbol.asyncIterator]()
  await pieces.next()
  let before = -1
  await vi.waitFor(
    () => {
      const isStalled = sent === before
      before = sent
      expect(isStalled).toBe(true)
    },
    { timeout: 10_000, interval: 200 },
  )
  expect(sent).toBeLessThan(32 * 1024 * 1024)
  for (let n = 0; n < 500; n++) await pieces.next()
  await until(() => expect(sent).toBeGreaterThan(before))
  session.close()
  await session.done
})

/** Time that passes when the test says so. */
function handClock() {
  let now = 0
  let waiting: { until: number; wake: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => reject(signal?.reason)
        const wake = () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        waiting.push({ until: now + ms, wake })
        signal?.addEventListener('abort', abort)
      }),
  }
  async function pass(ms: number) {
    now += ms
    const due = waiting.filter(({ until }) => until <= now)
    waiting = waiting.filter(({ until }) => until > now)
    for (const { wake } of due) wake()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { clock, pass }
}

test('a session in which nothing happens stays open as long as the server answers', async () => {
  const { clock, pass } = handClock()
  const { client, heard } = await kubelet({ clock })
  const session = await client.exec(options)
  for (let n = 0; n < 20; n++) await pass(10_000)
  await session.write('ls')
  await until(() => expect(heard.map(String)).toEqual(['\0ls']))
})

test('a server that answers no ping for a minute is given up', async () => {
  const { clock, pass } = handClock()
  const { client } = await raw(accept, clock)
  const session = await client.exec(options)
  for (let n = 0; n < 8; n++) await pass(10_000)
  expect(await session.done).toEqual({ error: 'the server has been silent for a minute' })
})

test('a server that has told the end and does not close is left', async () => {
  const { clock, pass } = handClock()
  const { client, sockets } = await kubelet({ clock, serve: (socket) => say(socket, 3, success) })
  const session = await client.exec(options)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await pass(10_000)
  expect(await session.done).toEqual({ exitCode: 0 })
  await until(() => expect(sockets.size).toBe(0))
})

test('a frame that breaks the protocol ends the session and nothing else', async () => {
  const { client, sockets } = await raw((socket, request) => {
    accept(socket, request)
    socket.write(Buffer.from([0xf2, 0x01, 0x02]))
  })
  const session = await client.exec(options)
  expect(await outputOf(session)).toEqual({ stdout: '', stderr: '' })
  expect(await session.done).toMatchObject({ error: expect.stringContaining('broke the WebSocket protocol') })
  await until(() => expect(sockets.size).toBe(0))
})

test('whatever bytes a server sends, the session ends in order', async () => {
  let bytes = Buffer.alloc(0)
  const { client } = await raw((socket, request) => {
    accept(socket, request)
    socket.end(bytes)
  })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (random, framed) => {
      // Half of them within proper frames, so that they get as far as the channels.
      const frame = Buffer.from([0x82, 126, random.length >> 8, random.length & 0xff])
      bytes = framed ? Buffer.concat([frame, random, Buffer.from([0x88, 0])]) : Buffer.from(random)
      const session = await client.exec(options)
      await outputOf(session)
      const end = await session.done
      expect('error' in end ? end.error : '').not.toBe('')
    }),
    { numRuns: 200 },
  )
})
