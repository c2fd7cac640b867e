/**
 * A WebSocket to the API server over a connection of the ordinary transport. Clients from packages open connections of
 * their own, or do not let the reader set the pace.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import { KubeError } from './kube-error.ts'
import type { Call, Transport } from './transport.ts'
import type { Upgraded } from './upgrade.ts'
import { type ControlFrame, encodeFrame, frameReader, type MessagePart, opcode } from './websocket-frames.ts'

export interface WebSocketConnection {
  readonly protocol: string
  /** Messages in pieces, as they come. Ends with the connection, and throws what broke it. To be read once. */
  parts(): AsyncIterable<MessagePart>
  /** One binary message. Resolves when it is on its way, or cannot be any more. */
  send(data: Uint8Array): Promise<void>
  /** The other side has said all: it gets a moment to close. */
  linger(): void
  close(): void
}

export interface WebSocketOptions {
  /** In the order of preference. */
  protocols: readonly string[]
  clock: Clock
}

/** Often enough that nothing in between takes the connection for unused. */
const pingMs = 10_000
const mostSilentMs = 60_000
const lingerMs = 5_000

export async function openWebSocket(
  transport: Transport,
  call: Omit<Call, 'method'>,
  { protocols, clock }: WebSocketOptions,
): Promise<WebSocketConnection> {
  const key = randomBytes(16).toString('base64')
  const headers = {
    'sec-websocket-key': key,
    'sec-websocket-version': '13',
    'sec-websocket-protocol': protocols.join(', '),
  }
  const upgraded = await transport.upgrade({ ...call, method: 'GET', upgrade: 'websocket', headers })
  const protocol = String(upgraded.headers['sec-websocket-protocol'] ?? '')
  if (upgraded.headers['sec-websocket-accept'] !== acceptOf(key)) refuse(upgraded, 'the answer is to another request')
  if (!protocols.includes(protocol)) refuse(upgraded, `it speaks none of ${protocols.join(', ')}`)
  return connectionOn(upgraded, { protocol, clock })
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function refuse({ socket }: Upgraded, why: string): never {
  socket.destroy()
  throw new KubeError(`the server cannot be spoken to over WebSocket: ${why}`, { code: 0, reason: 'BadAnswer' })
}

function connectionOn({ socket }: Upgraded, { protocol, clock }: { protocol: string; clock: Clock }) {
  const over = new AbortController()
  const read = frameReader()
  let heard = clock.now()
  let lingering: number | undefined
  let isClosing = false
  /** Waiting for the other side, and not for whoever reads. */
  let isReading = false

  function send(code: number, data: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (socket.writable) socket.write(encodeFrame(code, data, randomBytes(4)), () => resolve())
      else resolve()
    })
  }

  function close(): void {
    if (isClosing) return
    isClosing = true
    void send(opcode.close, closeNormal).then(() => socket.destroy())
  }

  /** True when there is nothing more to come. */
  function heed({ kind, data }: ControlFrame): boolean {
    // A server that asks and asks without reading the answers must not fill our memory with them.
    if (kind === 'ping' && !socket.writableNeedDrain) void send(opcode.pong, data)
    if (kind !== 'close') return false
    close()
    const code = data.length < 2 ? 1000 : data.readUInt16BE(0)
    if (code !== 1000) throw new Error(`the server ended the session: ${data.toString('utf8', 2) || `code ${code}`}`)
    return true
  }

  function isDead(now: number): boolean {
    if (isClosing) return true
    return isReading && (now - heard > mostSilentMs || (lingering !== undefined && now - lingering > lingerMs))
  }

  async function keepAlive(): Promise<void> {
    for (;;) {
      await clock.sleep(pingMs, over.signal)
      if (isDead(clock.now())) socket.destroy(new Error('the server has been silent for a minute'))
      // A server that has said all and gone answers a ping by a reset, which takes what was not read yet with it.
      else if (isReading) void send(opcode.ping, Buffer.alloc(0))
    }
  }

  socket.once('close', () => over.abort())
  keepAlive().catch(() => {})

  return {
    protocol,
    async *parts() {
      isReading = true
      for await (const chunk of socket) {
        heard = clock.now()
        for (const frame of read(chunk)) {
          if (frame.kind === 'part') {
            isReading = false
            yield frame
            isReading = true
            heard = clock.now()
          } else if (heed(frame)) return
        }
      }
    },
    send: (data: Uint8Array) => send(opcode.binary, data),
    linger() {
      lingering = clock.now()
    },
    close,
  }
}

const closeNormal = Buffer.from([1000 >> 8, 1000 & 0xff])
