/** Requests to the API: with the certificates that are given, and failures in words that say what to do. */
import { readFile } from 'node:fs/promises'
import { messageOf } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'
import type { ServerFlags } from './flags.ts'
import type { ServerEntry } from './logins.ts'
import { baseOf } from './place.ts'

export interface Transport {
  fetch: typeof fetch
  close(): Promise<void>
}

interface Trust {
  ca?: string
  cert?: string
  key?: string
}

export async function openTransport(entry: ServerEntry, flags: ServerFlags): Promise<Transport> {
  // Loaded only by commands that speak to a server.
  const { Agent, fetch: send } = await import('undici')
  const { ca, cert, key } = await trustOf(entry, flags)
  const agent = new Agent({
    // A log may be silent for days, and a sync is waited for.
    bodyTimeout: 0,
    headersTimeout: 120_000,
    connect: { rejectUnauthorized: !entry.insecure, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
  })
  const more = headersOf(flags.header)
  async function tried(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const headers = { ...more, ...(init.headers as Record<string, string>) }
    const options = { ...init, headers, dispatcher: agent, redirect: 'manual' }
    try {
      return (await send(input as string, options as object)) as unknown as Response
    } catch (error) {
      if (init.signal?.aborted) throw error
      throw unreachable(entry, error)
    }
  }
  return {
    async fetch(input, init) {
      const response = await tried(input, init)
      // Followed, it would carry the token to wherever it points.
      if (response.status >= 300 && response.status < 400) throw redirected(entry, response.headers.get('location'))
      return response
    },
    close: () => agent.destroy(),
  }
}

async function trustOf(entry: ServerEntry, flags: ServerFlags): Promise<Trust> {
  const decoded = (text: string | undefined) => text && Buffer.from(text, 'base64').toString('utf8')
  const [ca, cert, key] = await Promise.all([
    readPem(flags.serverCrt) ?? decoded(entry['certificate-authority-data']),
    readPem(flags.clientCrt) ?? decoded(entry['client-certificate-data']),
    readPem(flags.clientCrtKey) ?? decoded(entry['client-certificate-key-data']),
  ])
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

export function readPem(file: string | undefined): Promise<string> | undefined {
  return file === undefined
    ? undefined
    : readFile(file, 'utf8').catch((cause: unknown) => {
        throw new CommandError(`${file} cannot be read: ${messageOf(cause)}`, { cause })
      })
}

function headersOf(given: string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const colon = text.indexOf(':')
      if (colon < 1) throw new CommandError(`--header ${text} is not of the form NAME: VALUE`, { code: 2 })
      return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
    }),
  )
}

const certificateFaults =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|DEPTH_ZERO|self-signed|altnames|certificate/i

export function isCertificateFault(error: unknown): boolean {
  return certificateFaults.test(`${codeOf(error)} ${causeText(error)}`)
}

/** The server does not speak TLS: what it has sent is no handshake. */
export function isNotTls(error: unknown): boolean {
  return /WRONG_VERSION_NUMBER|ERR_SSL_|packet length too long/i.test(`${codeOf(error)} ${causeText(error)}`)
}

function unreachable(entry: ServerEntry, error: unknown): CommandError {
  const base = baseOf(entry)
  const why = causeText(error)
  if (isCertificateFault(error)) {
    return new CommandError(
      `the certificate of ${base} cannot be verified (${why}): give its authority with --server-crt, or take any certificate with --insecure`,
      { cause: error },
    )
  }
  if (isNotTls(error)) {
    return new CommandError(`${base} does not speak TLS: use --plaintext if that is meant`, { cause: error })
  }
  return new CommandError(`${base} cannot be reached: ${why}`, { cause: error })
}

function redirected(entry: ServerEntry, location: string | null): CommandError {
  const base = baseOf(entry)
  if (entry['plain-text'] && location?.startsWith('https:')) {
    return new CommandError(`${base} speaks TLS: leave --plaintext out, and give the address without http://`)
  }
  return new CommandError(`${base} sends requests on to ${location ?? 'somewhere else'}: give that address instead`)
}

function innermost(error: unknown): unknown {
  const { cause, errors } = (error ?? {}) as { cause?: unknown; errors?: unknown[] }
  return cause ? innermost(cause) : errors?.[0] ? innermost(errors[0]) : error
}

function causeText(error: unknown): string {
  return messageOf(innermost(error))
}

function codeOf(error: unknown): string {
  return String((innermost(error) as { code?: unknown } | undefined)?.code ?? '')
}
