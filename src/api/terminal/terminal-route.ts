/** `GET /terminal`: a shell in a container of an application, over a WebSocket. Off unless `exec.enabled` says otherwise. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ExecSession, KubeClient } from '../../live/index.ts'
import { messageOf, parseDuration } from '../../model/index.ts'
import { ApiError, asApiError, permissionDenied } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import { isSameOrigin } from '../cross-site.ts'
import type { Services } from '../services.ts'
import { tokenOf } from '../token.ts'
import { type Admission, admit, permitted } from './admit.ts'
import { shellsFor, type TerminalRequest, terminalRequest } from './terminal-request.ts'
import { runSession } from './terminal-session.ts'

export interface TerminalPlace {
  /** Aborted when the server stops. */
  stopping: AbortSignal
  addressOf(request: IncomingMessage): string
}

const path = '/terminal'
/** Of one message: more than anybody pastes. */
const maxPayload = 1024 * 1024
const mostAtOnce = 100
const usualIdleMs = 30 * 60_000

export function serveTerminal(server: Server, services: Services, { stopping, addressOf }: TerminalPlace): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    open(request, socket, head).catch((error: unknown) => refuse(socket, error))
  })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://terminal')
    const settings = services.controlPlane.settings()
    if (url.pathname !== path || settings['exec.enabled'] !== 'true')
      throw new ApiError('NotFound', 'there is nothing here')
    const given = tokenOf(request)
    checkOrigin(request, given?.byCookie === true)
    if (sockets.clients.size >= mostAtOnce) throw new ApiError('ResourceExhausted', 'too many terminals are open')
    const asked = terminalRequest(url.searchParams)
    const token = given?.token
    const admission = await admit(asked, { token, signal: stopping }, services)
    const client = await new Promise<WebSocket>((resolve) => sockets.handleUpgrade(request, socket, head, resolve))
    const tell = noteIn(services, { asked, admission, address: addressOf(request) })
    const where = `container ${asked.container} of Pod ${asked.namespace}/${asked.pod}`
    try {
      const shell = startShell(admission.client, asked, shellsFor(asked.shell, settings))
      const idleMs = parseDuration(settings['exec.idle.timeout'] ?? '') ?? usualIdleMs
      const check = () => permitted(asked, token, services)
      const session = runSession(client, shell, { check, idleMs, signal: stopping })
      await Promise.all([session, shell.then(() => tell(`opened a terminal in ${where}`))])
      await tell(`closed the terminal in ${where}: ${await session}`)
      client.close(1000)
    } catch (error) {
      client.close(1011, asApiError(error).message.slice(0, 100))
    }
  }
}

/** A browser sends its cookie along wherever a page of another site connects to, and says whose page that was. */
function checkOrigin({ headers }: IncomingMessage, byCookie: boolean): void {
  const isOurs = headers.origin === undefined ? !byCookie : isSameOrigin(headers)
  if (!isOurs) throw permissionDenied('terminals are opened from our own pages only')
}

function noteIn(
  services: Services,
  { asked, admission, address }: { asked: TerminalRequest; admission: Admission; address: string },
) {
  const { caller, object } = admission
  const requestId = crypto.randomUUID()
  const subject = services.controlPlane
    .applications()
    .find(({ metadata }) => metadata.name === asked.application && sameHome(metadata.namespace, asked, services))
  return (did: string) =>
    audit(
      { caller, address, requestId, route: { id: 'terminal.open' } },
      { reason: 'ResourceActionRan', did, object, ...(subject && { subject }) },
      services,
    )
}

function sameHome(
  namespace: string | undefined,
  { appNamespace }: TerminalRequest,
  { controlPlane }: Services,
): boolean {
  return (namespace ?? controlPlane.namespace) === (appNamespace || controlPlane.namespace)
}

/** The first shell that the image has. */
async function startShell(client: KubeClient, asked: TerminalRequest, shells: string[]): Promise<ExecSession> {
  const { namespace, pod, container } = asked
  const failures: string[] = []
  for (const shell of shells) {
    if (!(await hasShell(client, asked, shell))) {
      failures.push(shell)
      continue
    }
    return client.exec({ namespace, name: pod, container, command: [shell], tty: true, stdin: true })
  }
  throw new ApiError('FailedPrecondition', `the container has none of these shells: ${failures.join(', ')}`)
}

/** Asked beforehand: a shell that is missing ends like one that somebody has left. */
async function hasShell(
  client: KubeClient,
  { namespace, pod, container }: TerminalRequest,
  shell: string,
): Promise<boolean> {
  const command = /^(cmd|powershell)/.test(shell) ? [shell, '/c', 'exit'] : [shell, '-c', 'exit 0']
  const session = await client.exec({ namespace, name: pod, container, command, tty: false, stdin: false })
  for await (const _ of session.output);
  const end = await session.done
  return 'exitCode' in end && end.exitCode === 0
}

function refuse(socket: Duplex, error: unknown): void {
  const { status, message } = asApiError(error)
  const body = messageOf(message)
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
