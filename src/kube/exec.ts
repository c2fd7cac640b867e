/** A command in a running container: the kubelet's channels over a WebSocket. */
import { Readable } from 'node:stream'
import type { Clock } from './clock.ts'
import type { ExecEnd, ExecOptions, ExecOutput, ExecSession } from './kube-client.ts'
import type { Status } from './kube-error.ts'
import { podPath } from './resource-path.ts'
import type { Transport } from './transport.ts'
import { openWebSocket } from './websocket.ts'
import type { MessagePart } from './websocket-frames.ts'

const v5 = 'v5.channel.k8s.io'
const protocols = [v5, 'v4.channel.k8s.io'] as const

/** The first byte of each message. */
const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const
const outputChannels: Record<number, ExecOutput['channel']> = {
  [channel.stdout]: 'stdout',
  [channel.stderr]: 'stderr',
}

/** What kubectl sends at most: every server takes that. */
const mostInput = 32 * 1024
const mostStatus = 64 * 1024
/** Pieces of up to 64 KB that wait for the reader; then the server waits. */
const mostWaiting = 8

export async function openExec(transport: Transport, options: ExecOptions, clock: Clock): Promise<ExecSession> {
  const { signal } = options
  const path = podPath(options, 'exec')
  // The kubelet's own handler says no type that it answers in, and refuses whoever asks for one.
  const call = { verb: 'exec', path, query: queryOf(options), signal, accept: '*/*' }
  const socket = await openWebSocket(transport, call, { protocols, clock })
  const output = outputQueue()
  let status = Buffer.alloc(0)
  let failure: string | undefined
  const close = () => {
    failure ??= 'the session was closed'
    output.end()
    socket.close()
  }

  async function take({ from, data, last }: ChannelPart): Promise<void> {
    const name = outputChannels[from]
    if (name && data.length > 0) await output.put({ channel: name, data })
    if (from !== channel.status) return
    if (status.length < mostStatus) status = Buffer.concat([status, data])
    if (last && status.length > 0) socket.linger()
  }

  async function follow(): Promise<ExecEnd> {
    try {
      for await (const part of channelParts(socket.parts())) await take(part)
    } catch (error) {
      failure ??= brokenBy(error as Error)
    }
    signal?.removeEventListener('abort', close)
    output.end()
    return endOf(status.toString()) ?? { error: failure ?? 'the connection ended before the command did' }
  }

  signal?.addEventListener('abort', close, { once: true })
  if (signal?.aborted) close()
  const send = (to: number, data: Uint8Array) => socket.send(Buffer.concat([Buffer.from([to]), data]))
  return {
    protocol: socket.protocol as ExecSession['protocol'],
    output: output.pieces,
    done: follow(),
    async write(data) {
      if (!options.stdin) throw new Error('the session was opened without stdin')
      const bytes = Buffer.from(data as Uint8Array)
      const sent: Promise<void>[] = []
      for (let at = 0; at < bytes.length; at += mostInput)
        sent.push(send(channel.stdin, bytes.subarray(at, at + mostInput)))
      await Promise.all(sent)
    },
    resize({ cols, rows }) {
      void send(channel.resize, Buffer.from(JSON.stringify({ Width: extent(cols), Height: extent(rows) })))
    },
    endInput() {
      if (socket.protocol === v5) void send(channel.close, Buffer.from([channel.stdin]))
    },
    close,
  }
}

function queryOf({ container, command, tty, stdin }: ExecOptions): URLSearchParams {
  // A terminal has one output.
  const query = new URLSearchParams({ stdout: 'true', stderr: String(!tty), stdin: String(stdin), tty: String(tty) })
  if (container) query.set('container', container)
  for (const word of command) query.append('command', word)
  return query
}

/** The server takes no more than 16 bits. */
function extent(size: number): number {
  return Math.min(Math.max(Math.trunc(size) || 0, 0), 0xffff)
}

interface ChannelPart extends Omit<MessagePart, 'kind'> {
  from: number
}

async function* channelParts(parts: AsyncIterable<MessagePart>): AsyncGenerator<ChannelPart> {
  let from: number | undefined
  for await (const { data, last } of parts) {
    const isFirst = from === undefined
    from ??= data[0]
    if (from !== undefined) yield { from, data: isFirst ? data.subarray(1) : data, last }
    if (last) from = undefined
  }
}

interface OutputQueue {
  pieces: AsyncIterable<ExecOutput>
  /** Resolves when there is room for more, or nobody wants it. */
  put(piece: ExecOutput): Promise<void>
  end(): void
}

function outputQueue(): OutputQueue {
  let resume = () => {}
  let isOver = false
  const pieces = new Readable({
    objectMode: true,
    highWaterMark: mostWaiting,
    read: () => resume(),
    destroy(_error, done) {
      isOver = true
      resume()
      done(null)
    },
  })
  return {
    pieces,
    async put(piece) {
      if (isOver || pieces.push(piece)) return
      await new Promise<void>((resolve) => {
        resume = resolve
      })
    },
    end() {
      if (!isOver) pieces.push(null)
      isOver = true
      resume()
    },
  }
}

/** Errors of the network have a code, and words that say little by themselves. */
function brokenBy({ message, code }: Error & { code?: string }): string {
  return code ? `the connection broke: ${message}` : message
}

/** undefined when it is not the Status that the kubelet ends with. */
function endOf(text: string): ExecEnd | undefined {
  const { status, reason, message, details } = parseStatus(text)
  if (status === 'Success') return { exitCode: 0 }
  if (status !== 'Failure') return undefined
  const exitCode = Number(details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message)
  if (reason === 'NonZeroExitCode' && Number.isInteger(exitCode)) return { exitCode }
  return { error: message || reason || 'the command could not be run, and the server does not say why' }
}

function parseStatus(text: string): Status & { status?: string } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
