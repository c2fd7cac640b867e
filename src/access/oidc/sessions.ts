/** The sessions of browsers: begun, renewed, ended. What they live on is kept by the browsers, sealed. */
import { LRUCache } from 'lru-cache'
import { refreshTokenGrant, type TokenEndpointResponse } from 'openid-client'
import { fingerprint, isRenewalDue, type KeptSession, keptSession, unverifiedClaims } from './kept-session.ts'
import { refusal } from './login.ts'
import type { OidcConfig } from './oidc-config.ts'
import type { Provider } from './provider.ts'
import type { Seal } from './seal.ts'
import { SsoError } from './sso-error.ts'
import type { UserInfo } from './user-info.ts'
import type { Claims } from './verify-id-token.ts'

/** What a browser gets. */
export interface SsoSession {
  idToken: string
  claims: Claims
  /** Sealed; to be kept beside the ID token and to be given back. Undefined: nothing to keep. */
  kept: string | undefined
}

export interface GivenSession {
  idToken: string
  kept: string | undefined
}

export interface Sessions {
  begin(tokens: TokenEndpointResponse): Promise<SsoSession>
  /** Undefined: it is not time yet, or there is nothing to renew it with. */
  renew(given: GivenSession): Promise<SsoSession | undefined>
  /** It is not renewed any more. */
  end(given: GivenSession): KeptSession | undefined
}

export interface SessionsOptions {
  config: OidcConfig
  provider: Provider
  seal: Seal
  userInfo: UserInfo | undefined
  verified(token: string): Promise<Claims>
  now(): number
}

const renewedMs = 60_000

export function openSessions({ config, provider, seal, userInfo, verified, now }: SessionsOptions): Sessions {
  /** Browsers ask for several things at once, and a refresh token may be used only once. */
  const renewals = new LRUCache<string, { session: Promise<SsoSession>; at: number }>({ max: 1_000 })
  const ended = new LRUCache<string, true>({ max: 10_000 })

  async function sessionOf(tokens: TokenEndpointResponse, before?: KeptSession): Promise<SsoSession> {
    const { id_token: idToken } = tokens
    if (idToken === undefined) throw new SsoError('refused by provider', 'the provider has given no ID token')
    const claims = await verified(idToken)
    if (before && before.subject !== claims.sub)
      throw new SsoError('invalid token', 'the provider has renewed the session of somebody else')
    const kept = keptSession(tokens, claims, {
      withAccessToken: userInfo !== undefined,
      now: now(),
      ...(before && { before }),
    })
    if (kept.accessToken !== undefined) userInfo?.remember(claims.sub, kept.accessToken)
    const isWorthKeeping = kept.refreshToken !== undefined || kept.accessToken !== undefined
    return { idToken, claims, kept: isWorthKeeping ? seal.close('session', kept) : undefined }
  }

  function opened({ idToken, kept }: GivenSession): { session: KeptSession; expiresAt: number } | undefined {
    const session = kept === undefined ? undefined : (seal.open('session', kept) as KeptSession | undefined)
    const token = unverifiedClaims(idToken)
    const belongs = session && token && session.subject === token.sub && session.issuer === token.iss
    return belongs && !ended.has(session.id) ? { session, expiresAt: token.exp * 1000 } : undefined
  }

  function renewOnce(session: KeptSession, refreshToken: string): Promise<SsoSession> {
    const key = fingerprint(refreshToken)
    const before = renewals.get(key)
    if (before && now() - before.at < renewedMs) return before.session
    const renewal = { session: refresh(session, refreshToken), at: now() }
    renewals.set(key, renewal)
    renewal.session.catch(() => renewals.get(key) === renewal && renewals.delete(key))
    return renewal.session
  }

  async function refresh(session: KeptSession, refreshToken: string): Promise<SsoSession> {
    const tokens = await provider
      .asClient((configuration) => refreshTokenGrant(configuration, refreshToken))
      .catch((error: unknown) => Promise.reject(refusal(error)))
    return sessionOf(tokens, session)
  }

  return {
    begin: (tokens) => sessionOf(tokens),
    async renew(given) {
      const found = opened(given)
      if (!found) return undefined
      const { session, expiresAt } = found
      const { refreshThresholdMs: thresholdMs, sessionMs } = config
      if (session.accessToken !== undefined) userInfo?.remember(session.subject, session.accessToken)
      if (!isRenewalDue(session, expiresAt, { thresholdMs, sessionMs, now: now() })) return undefined
      return session.refreshToken === undefined ? undefined : renewOnce(session, session.refreshToken)
    },
    end(given) {
      const found = opened(given)
      if (found) ended.set(found.session.id, true)
      return found?.session
    },
  }
}
