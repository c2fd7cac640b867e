/** A shell in a container over a WebSocket, in the words of Argo CD's protocol. */
import type { Application } from '../../../lib/api.ts'
import { home } from '../queries/object-address.ts'

export interface TerminalPlace {
  namespace: string
  pod: string
  container: string
  /** Undefined: the first one that the installation allows and the image has. */
  shell: string | undefined
}

export interface TerminalEnd {
  /** It has never been open. */
  isRefused: boolean
  /** In the server's words; '' where it has said nothing. */
  reason: string
}

export interface TerminalEvents {
  opened(): void
  output(text: string): void
  ended(end: TerminalEnd): void
}

export interface TerminalConnection {
  type(data: string): void
  resize(size: { rows: number; cols: number }): void
  close(): void
}

export function terminalAddress(application: Application, { namespace, pod, container, shell }: TerminalPlace): string {
  const { appNamespace, project } = home(application)
  const query = new URLSearchParams({
    appName: application.metadata.name,
    ...(appNamespace && { appNamespace }),
    projectName: project,
    namespace,
    pod,
    container,
    ...(shell && { shell }),
  })
  return `/terminal?${query}`
}

/** Normal closure: the shell has ended. */
const normal = 1000

export function connectTerminal(address: string, events: TerminalEvents): TerminalConnection {
  const { protocol, host } = window.location
  const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}${address}`)
  let hasOpened = false
  let isClosed = false
  const send = (message: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }
  socket.onopen = () => {
    hasOpened = true
    if (!isClosed) events.opened()
  }
  socket.onmessage = ({ data }) => {
    const { operation, data: text } = readMessage(String(data))
    if (operation === 'stdout' && text !== undefined && !isClosed) events.output(text)
  }
  socket.onclose = ({ code, reason }) => {
    if (!isClosed) events.ended({ isRefused: !hasOpened, reason: reason || (code === normal ? '' : String(code)) })
  }
  return {
    type: (data) => send({ operation: 'stdin', data }),
    resize: (size) => send({ operation: 'resize', ...size }),
    close() {
      isClosed = true
      socket.close()
    },
  }
}

function readMessage(text: string): { operation?: string; data?: string } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
