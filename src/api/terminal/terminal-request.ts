/** What somebody asks of the terminal: which container of which application, with which shell. */
import { ApiError } from '../api-error.ts'

export interface TerminalRequest {
  application: string
  appNamespace: string
  project: string
  namespace: string
  pod: string
  container: string
  /** As asked; only one that the installation allows is used. */
  shell: string
}

const name = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const needed = ['application', 'project', 'namespace', 'pod', 'container'] as const

/** Throws InvalidArgument. */
export function terminalRequest(query: URLSearchParams): TerminalRequest {
  const text = (key: string) => query.get(key) ?? ''
  const request = {
    application: text('appName'),
    appNamespace: text('appNamespace'),
    project: text('projectName'),
    namespace: text('namespace'),
    pod: text('pod'),
    container: text('container'),
    shell: text('shell'),
  }
  for (const field of needed) {
    if (!name.test(request[field])) throw new ApiError('InvalidArgument', `${field} is missing, or is no name`)
  }
  if (request.appNamespace !== '' && !name.test(request.appNamespace)) {
    throw new ApiError('InvalidArgument', 'appNamespace is no name')
  }
  return request
}

const usualShells = ['bash', 'sh', 'powershell', 'cmd']

/** The shells to try, one after the other: the one asked for where it is allowed, else all that are. */
export function shellsFor(asked: string, settings: Record<string, string>): string[] {
  const listed = (settings['exec.shells'] ?? '').split(',').flatMap((shell) => shell.trim() || [])
  const allowed = listed.length > 0 ? listed : usualShells
  return allowed.includes(asked) ? [asked] : allowed
}

export interface ClientMessage {
  operation: 'stdin' | 'resize'
  data: string
  rows: number
  cols: number
}

/** undefined: nothing that we understand. */
export function clientMessage(text: string): ClientMessage | undefined {
  try {
    const { operation, data = '', rows = 0, cols = 0 } = Object(JSON.parse(text))
    const isKnown = operation === 'stdin' || operation === 'resize'
    const isSized = [rows, cols].every((size) => Number.isInteger(size) && size >= 0 && size <= 10_000)
    return isKnown && isSized && typeof data === 'string' ? { operation, data, rows, cols } : undefined
  } catch {
    return undefined
  }
}
