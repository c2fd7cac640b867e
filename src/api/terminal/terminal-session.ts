/** A terminal that is open: what is typed goes to the shell, what it writes goes back, for as long as it is permitted. */
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

/** `starting`: the shell, once it is there. Resolves to why the terminal has ended; rejects when there is no shell. */
export async function runSession(
  socket: WebSocket,
  starting: Promise<ExecSession>,
  rules: SessionRules,
): Promise<string> {
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
  socket.on('message', (raw: RawData) => {
    typing = typing.then(() => take(raw)).catch((error) => end(messageOf(error)))
  })
  async function take(raw: RawData): Promise<void> {
    const message = clientMessage(String(raw))
    // Fast fingers type before the shell is there.
    const shell = await starting
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
  rules.signal.addEventListener('abort', () => end('the server is stopping'), { once: true })

  try {
    const shell = await starting
    ending.signal.addEventListener('abort', () => shell.close(), { once: true })
    if (ending.signal.aborted) shell.close()
    await pump(shell, socket, ending.signal)
    return String(ending.signal.reason ?? 'the shell has ended')
  } finally {
    clearInterval(beat)
    await starting.then(
      (shell) => shell.close(),
      () => {},
    )
  }
}

async function pump(shell: ExecSession, socket: WebSocket, ended: AbortSignal): Promise<void> {
  const decoder = new TextDecoder()
  for await (const { data } of shell.output) {
    if (ended.aborted) return
    const text = decoder.decode(data, { stream: true })
    const sent = new Promise<void>((resolve) =>
      socket.send(JSON.stringify({ operation: 'stdout', data: text }), () => resolve()),
    )
    if (socket.bufferedAmount > mostUnsent) await sent
  }
}
