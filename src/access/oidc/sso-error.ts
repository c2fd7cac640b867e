/** What can go wrong when somebody signs in through a provider. */
export type SsoFault =
  /** There is no oidc.config, or one that cannot be used. */
  | 'not configured'
  /** The provider does not answer, or not as a provider does. */
  | 'unavailable'
  /** The address to come back to is not one of ours. */
  | 'foreign address'
  /** The answer does not belong to a login that this browser began a short time ago. */
  | 'unknown login'
  /** The provider says that the login has been refused or given up. */
  | 'denied'
  /** The provider reports another error, or refuses the code. */
  | 'refused by provider'
  /** The token is not one that counts here. */
  | 'invalid token'
  | 'expired token'

/** The message is for the log and for administrators. It never holds a token, a code or a secret. */
export class SsoError extends Error {
  readonly fault: SsoFault

  constructor(fault: SsoFault, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SsoError'
    this.fault = fault
  }
}

/** The SsoError that lies under what a library has wrapped around it. */
export function ssoErrorWithin(error: unknown): SsoError | undefined {
  let at = error
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if (at instanceof SsoError) return at
    at = at.cause
  }
  return undefined
}
