/** A terminal that is open: what is typed goes to the shell, what it writes goes back, for as long as it is permitted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RawData, WebSocket } from 'ws'
import { AccessError } from '../../access/index.ts'
import type { ExecSession } from '../../live/index.ts'
import { messageOf } from '../../model/index.ts'
import { clientMessage } from './terminal-request.ts'

export interface SessionRules {
  /** Rejects when the caller may no longer be here. */
  check(): Promise<unknown>
  /** Without a key pressed for so long it ends. */
  idleMs: number
  signal: AbortSignal
}

/** Load balancers close what is silent, and rights may end while nobody types. */
const beatMs = 5_000
/** What a client has not taken yet, before the shell is made to wait. */
const mostUnsent = 256 * 1024

const interrupt = '\x03'
const endOfInput = '\x04'
/** Time for the shell to take a key. */
const keyMs = 100
/** Messages that the shell has not taken yet. */
const mostUntaken = 16

/** Resolves to why it has ended. */
export async function runSession(socket: WebSocket, shell: ExecSession, rules: SessionRules): Promise<string> {
  const ending = new AbortController()
  let typedAt = Date.now()
  const end = (reason: string) => ending.abort(reason)
  const say = (data: string) => socket.send(JSON.stringify({ operation: 'stdout', data }))

  async function recheck(): Promise<boolean> {
    try {
      await rules.check()
      return true
    } catch (error) {
      const isOver = error instanceof AccessError && error.kind === 'unauthenticated'
      say(isOver ? '\r\nThe session has ended: sign in again.\r\n' : '\r\nPermission denied\r\n')
      // Asks the client to connect anew, with whatever session it has then.
      if (isOver) socket.send(JSON.stringify({ Code: 1 }))
      end(isOver ? 'the session of the caller has ended' : 'the right to it has ended')
      return false
    }
  }

  // One after the other: what is typed first arrives first, and nothing arrives after a right has ended.
  let typing = Promise.resolve()
  let waiting = 0
  socket.on('message', (raw: RawData) => {
    // What the shell does not take stays with the client.
    if (++waiting > mostUntaken) socket.pause()
    typing = typing
      .then(() => take(raw))
      .catch((error) => end(messageOf(error)))
      .finally(() => {
        if (--waiting <= mostUntaken) socket.resume()
      })
  })
  async function take(raw: RawData): Promise<void> {
    const message = clientMessage(String(raw))
    if (!message || ending.signal.aborted || !(await recheck())) return
    if (message.operation === 'resize') shell.resize(message)
    else {
      typedAt = Date.now()
      await shell.write(message.data)
    }
  }

  const beat = setInterval(() => {
    socket.ping()
    if (Date.now() - typedAt > rules.idleMs) {
      say('\r\nNothing was typed for too long.\r\n')
      end('nothing was typed for too long')
    } else void recheck()
  }, beatMs)
  socket.once('close', () => end('the client has gone'))
  socket.on('error', () => end('the connection failed'))
  const stop = () => end('the server is stopping')
  rules.signal.addEventListener('abort', stop, { once: true })
  ending.signal.addEventListener('abort', () => void leave(shell), { once: true })
  // What was sent while the shell started comes now.
  socket.resume()
  if (socket.readyState !== socket.OPEN) end('the client has gone')

  try {
    await pump(shell, socket, ending.signal)
    return String(ending.signal.reason ?? 'the shell has ended')
  } finally {
    clearInterval(beat)
    rules.signal.removeEventListener('abort', stop)
    await leave(shell)
  }
}

/** A shell whose connection ends goes on in its container: it is told to end what runs in it, and itself. */
async function leave(shell: ExecSession): Promise<void> {
  for (const key of [interrupt, endOfInput]) {
    await Promise.race([shell.write(key), sleep(keyMs)])
    await Promise.race([shell.done, sleep(keyMs)])
  }
  shell.close()
}

async function pump(shell: ExecSession, socket: WebSocket, ended: AbortSignal): Promise<void> {
  const decoder = new TextDecoder()
  const over = new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }))
  for await (const { data } of shell.output) {
    if (ended.aborted) return
    const text = decoder.decode(data, { stream: true })
    const sent = new Promise<void>((resolve) =>
      socket.send(JSON.stringify({ operation: 'stdout', data: text }), () => resolve()),
    )
    // Whoever does not read must not keep what has ended.
    if (socket.bufferedAmount > mostUnsent) await Promise.race([sent, over])
  }
}
