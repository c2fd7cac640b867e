/** The remote-command protocol over WebSocket: one byte of channel number before each message. */
import type { RawData, WebSocket } from 'ws'

export const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

const stdin = 0
const stdout = 1
const stderr = 2
const errors = 3
/** Since v5: the second byte names the channel that the client has closed. */
const close = 255

export interface ExitStatus {
  code: number
  /** Set when the command could not even start. */
  failure?: string
}

function statusOf({ code, failure }: ExitStatus): object {
  if (failure !== undefined) {
    return { metadata: {}, status: 'Failure', message: failure, reason: 'InternalError', code: 500 }
  }
  if (code === 0) return { metadata: {}, status: 'Success' }
  const causes = [{ reason: 'ExitCode', message: String(code) }]
  const message = `command terminated with exit code ${code}`
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes } }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}

/** One client's channels. */
export class Channels {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  stdout(text: string): void {
    this.#send(stdout, text)
  }

  stderr(text: string): void {
    this.#send(stderr, text)
  }

  /** Tells how the command ended, and closes. */
  exit(status: ExitStatus): void {
    this.#send(errors, JSON.stringify(statusOf(status)))
    this.#socket.close(1000)
  }

  onInput(input: (text: string) => void, end: () => void): void {
    const decoder = new TextDecoder()
    this.#socket.on('message', (data) => {
      const bytes = bytesOf(data)
      if (bytes[0] === stdin && bytes.length > 1) input(decoder.decode(bytes.subarray(1), { stream: true }))
      if (bytes[0] === close && bytes[1] === stdin) end()
    })
    this.#socket.on('close', end)
  }

  #send(channel: number, text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]))
  }
}
