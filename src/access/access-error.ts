/** Why somebody is not let in, or may not do something. The message is for everybody, the reason for the log alone. */

export type AccessErrorKind = 'unauthenticated' | 'forbidden' | 'invalid' | 'not-found' | 'busy'

export class AccessError extends Error {
  readonly kind: AccessErrorKind
  readonly reason: string

  constructor(kind: AccessErrorKind, message: string, reason = message) {
    super(message)
    this.name = 'AccessError'
    this.kind = kind
    this.reason = reason
  }
}

/** One answer for every token that is not taken: which part of it is wrong would only help to forge a better one. */
export function invalidSession(reason: string): AccessError {
  return new AccessError('unauthenticated', 'invalid session: sign in again', reason)
}

/** One answer for every attempt to sign in that fails. The words are those that clients of Argo CD look for. */
export function invalidLogin(reason: string): AccessError {
  return new AccessError('unauthenticated', 'Invalid username or password', reason)
}
