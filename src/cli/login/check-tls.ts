/** Before anybody gives a password: does the server speak TLS, and is it who it says it is? */
import { connect, type PeerCertificate } from 'node:tls'
import { CommandError } from '../exit-code.ts'
import type { Prompt } from '../prompt.ts'
import type { ServerFlags } from '../server/flags.ts'
import type { ServerEntry } from '../server/logins.ts'
import { baseOf } from '../server/place.ts'
import { isNotTls, readPem } from '../server/transport.ts'

type Finding =
  | { kind: 'trusted' }
  | { kind: 'untrusted'; why: string; fingerprint: string }
  | { kind: 'no TLS' }
  | { kind: 'unreachable'; why: string }

/** The entry, with what somebody has agreed to; throws when nobody has. */
export async function checkedTls(entry: ServerEntry, flags: ServerFlags, prompt: Prompt): Promise<ServerEntry> {
  if (entry['plain-text'] || entry.insecure) return entry
  const base = baseOf(entry)
  const found = await look(new URL(base), await readPem(flags.serverCrt))
  if (found.kind === 'trusted') return entry
  if (found.kind === 'unreachable') throw new CommandError(`${base} cannot be reached: ${found.why}`)
  if (found.kind === 'no TLS') {
    if (await prompt.confirm(`${base} does not speak TLS: what is sent can be read by others. Go on without it?`)) {
      return { ...entry, 'plain-text': true }
    }
    throw new CommandError(`${base} does not speak TLS: use --plaintext if that is meant`)
  }
  const question = `The certificate of ${base} cannot be verified: ${found.why}.\nIts SHA-256 fingerprint is ${found.fingerprint}.\nTake any certificate from this server from now on?`
  if (await prompt.confirm(question)) return { ...entry, insecure: true }
  throw new CommandError(
    `the certificate of ${base} cannot be verified: ${found.why}. Give its authority with --server-crt, or take any certificate with --insecure`,
  )
}

const patienceMs = 10_000

function look({ hostname, port }: URL, ca: string | undefined): Promise<Finding> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const socket = connect({
      host,
      port: Number(port || 443),
      // Looked at, and not sent anything.
      rejectUnauthorized: false,
      ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }),
      ...(ca && { ca }),
    })
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    socket.setTimeout(patienceMs, () => end({ kind: 'unreachable', why: `no answer within ${patienceMs / 1000} s` }))
    socket.once('error', (error) =>
      end(isNotTls(error) ? { kind: 'no TLS' } : { kind: 'unreachable', why: error.message }),
    )
    socket.once('secureConnect', () => {
      const { authorizationError } = socket
      if (!authorizationError) return end({ kind: 'trusted' })
      const { fingerprint256 }: PeerCertificate = socket.getPeerCertificate()
      end({ kind: 'untrusted', why: wordsFor(authorizationError), fingerprint: fingerprint256 })
    })
  })
}

function wordsFor(error: Error | string): string {
  const code = typeof error === 'string' ? error : ((error as NodeJS.ErrnoException).code ?? error.message)
  return known[code] ?? code
}

const known: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'an authority that nobody here knows has signed it',
  UNABLE_TO_GET_ISSUER_CERT: 'an authority that nobody here knows has signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'an authority that nobody here knows has signed it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'an authority that nobody here knows has signed it',
  CERT_HAS_EXPIRED: 'it has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
}
