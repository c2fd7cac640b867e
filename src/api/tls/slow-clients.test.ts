import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { selfSigned } from './certificate.ts'
import { type Listener, openListener } from './listener.ts'

const limits = { handshakeMs: 400, headersMs: 400, requestMs: 900, checkMs: 50, connections: 5 }
const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close()
})

async function start(): Promise<number> {
  const listener = openListener(
    (request, response) => void request.resume().once('end', () => response.end('served')),
    await selfSigned('argocd', new Date()),
    limits,
  )
  open.push(listener)
  return listener.listen({ host: '127.0.0.1', port: 0 })
}

/** Sends a byte now and then; resolves to what it was told until the connection was closed, and how long that took. */
function dribble(socket: Socket, text: string, pauseMs = 50): Promise<{ heard: string; ms: number }> {
  const started = Date.now()
  let heard = ''
  let at = 0
  const timer = setInterval(() => void (at < text.length && socket.writable && socket.write(text[at++] ?? '')), pauseMs)
  socket.on('data', (data) => (heard += data))
  socket.on('error', () => {})
  return new Promise((resolve) => {
    socket.once('close', () => {
      clearInterval(timer)
      resolve({ heard, ms: Date.now() - started })
    })
  })
}

const secure = (port: number) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
const head = 'GET / HTTP/1.1\r\nhost: a\r\n'

test('headers that never end close the connection, with TLS and without', async () => {
  const port = await start()
  const endless = head + 'x: y\r\n'.repeat(100)
  const ends = await Promise.all([dribble(secure(port), endless), dribble(connect(port, '127.0.0.1'), endless)])
  for (const { heard, ms } of ends) {
    expect(heard).toMatch(/^HTTP\/1\.1 408/)
    expect(ms).toBeLessThan(3_000)
  }
})

test('a body that never ends closes the connection', async () => {
  const port = await start()
  const socket = secure(port)
  socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n`)
  const { heard, ms } = await dribble(socket, 'x'.repeat(1000))
  expect(heard).toMatch(/^HTTP\/1\.1 408/)
  expect(ms).toBeLessThan(4_000)
})

test('a handshake that never ends closes the connection, and so does silence', async () => {
  const port = await start()
  const hello = `\u0016\u0003\u0001\u0002\u0000${'\u0001'.repeat(500)}`
  const silent = dribble(connect(port, '127.0.0.1'), '')
  const ends = await Promise.all([dribble(connect(port, '127.0.0.1'), hello), silent])
  for (const { ms } of ends) expect(ms).toBeLessThan(3_000)
})

test('bytes that are neither TLS nor HTTP close the connection, and nothing else', async () => {
  const port = await start()
  for (const bytes of ['\u0016\u0003\u0001\u0000\u0005hello', '\u0000\u0000\u0000', 'SSH-2.0-x\r\n', '\u0080.\u0001']) {
    const socket = connect(port, '127.0.0.1')
    socket.write(Buffer.from(bytes, 'latin1'))
    await dribble(socket, '')
  }
  const socket = secure(port)
  socket.write(`${head}connection: close\r\n\r\n`)
  expect((await dribble(socket, '')).heard).toContain('served')
})

test('there are only so many connections at once', async () => {
  const port = await start()
  const sockets = Array.from({ length: 5 }, () => connect(port, '127.0.0.1'))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  const { heard } = await dribble(connect(port, '127.0.0.1'), `${head}\r\n`, 1)
  expect(heard).toBe('')
  for (const socket of sockets) socket.destroy()
})
