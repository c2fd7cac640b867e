/** A login that a browser has begun: what it carries itself, sealed, until the provider sends it back. */
import { LRUCache } from 'lru-cache'
import type { Seal } from './seal.ts'
import { SsoError } from './sso-error.ts'

export interface BegunLogin {
  state: string
  nonce: string
  /** Of PKCE. */
  verifier: string
  redirectUri: string
  returnUrl: string
  issuer: string
  begunAt: number
}

export const loginLimitMs = 300_000

export interface BegunLogins {
  keep(login: BegunLogin): string
  /** Throws an SsoError `unknown login`. Each one is given once. */
  take(sealed: string | undefined, given: { state: string | null; issuer: string }): BegunLogin
}

export function openBegunLogins(seal: Seal, now: () => number): BegunLogins {
  const taken = new LRUCache<string, true>({ max: 10_000 })
  return {
    keep: (login) => seal.close('login', login),
    take(sealed, { state, issuer }) {
      const login = sealed === undefined ? undefined : (seal.open('login', sealed) as BegunLogin | undefined)
      if (!login) throw unknown('this browser has begun no login')
      // The provider's answer may have been meant for another browser.
      if (state !== login.state) throw unknown('the answer belongs to another login')
      if (now() - login.begunAt >= loginLimitMs) throw unknown('the login was begun more than 5 minutes ago')
      if (login.issuer !== issuer) throw unknown('the provider has been changed since the login was begun')
      if (taken.has(login.state)) throw unknown('the login has been completed already')
      taken.set(login.state, true)
      return login
    },
  }
}

function unknown(why: string): SsoError {
  return new SsoError('unknown login', why)
}
