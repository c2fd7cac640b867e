/** Who may speak: signatures, tokens and passwords, compared in a time that tells nothing about them. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from './request.ts'

/** `unguarded` when no secret is configured, so that nothing can be checked. */
export type Verdict = 'authentic' | 'forged' | 'unguarded'

interface SignatureHeader {
  header: string
  algorithm: 'sha256' | 'sha1'
  /** What stands before the hexadecimal digits. */
  prefix: string
}

export const hubSignature256: SignatureHeader = {
  header: 'x-hub-signature-256',
  algorithm: 'sha256',
  prefix: 'sha256=',
}

/** Decided by the first of the headers that is there. */
export function bySignature(delivery: Delivery, secret: string | undefined, headers: SignatureHeader[]): Verdict {
  if (secret === undefined) return 'unguarded'
  const scheme = headers.find(({ header, prefix }) => delivery.header(header)?.startsWith(prefix))
  if (!scheme) return 'forged'
  const digits = (delivery.header(scheme.header) ?? '').slice(scheme.prefix.length)
  const expected = createHmac(scheme.algorithm, secret).update(delivery.body).digest()
  // Buffer.from stops at the first character that is no digit; the lengths then differ.
  const given = Buffer.from(digits, 'hex')
  return given.length === expected.length && digits.length === expected.length * 2 && timingSafeEqual(given, expected)
    ? 'authentic'
    : 'forged'
}

/** The sender repeats the secret itself. */
export function byToken(given: string | undefined, secret: string | undefined): Verdict {
  if (secret === undefined) return 'unguarded'
  return given !== undefined && sameText(given, secret) ? 'authentic' : 'forged'
}

export function byPassword(authorization: string | undefined, username: string, password: string): Verdict {
  if (username === '' && password === '') return 'unguarded'
  const encoded = /^basic +([a-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return 'forged'
  return sameText(Buffer.from(encoded, 'base64').toString('utf8'), `${username}:${password}`) ? 'authentic' : 'forged'
}

/** Digests are of one length, whatever was given. */
function sameText(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}
