/** One provider, as one reading of the settings describes it. */

import { LRUCache } from 'lru-cache'
import { refreshTokenGrant, tokenRevocation } from 'openid-client'
import { openBegunLogins } from './begun-login.ts'
import { fingerprint, isRenewalDue, type KeptSession, keptSession, unverifiedClaims } from './kept-session.ts'
import { openKeySet } from './key-set.ts'
import { askForLogin, completeLogin, refusal } from './login.ts'
import { logoutUrl } from './logout-url.ts'
import type { OidcConfig } from './oidc-config.ts'
import { baseUrl, callbackUrl, returnUrl } from './own-urls.ts'
import { openProvider } from './provider.ts'
import { openProviderDoor, type ProviderDoor } from './provider-fetch.ts'
import { sealWith } from './seal.ts'
import { SsoError } from './sso-error.ts'
import { openUserInfo } from './user-info.ts'
import { type Claims, verifyIdToken } from './verify-id-token.ts'

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

export interface Ending {
  /** Where the browser ends it at the provider, as far as the provider has such a place. */
  url: string | undefined
  /** Our own address. */
  home: string
  revoked: Promise<void>
}

export interface Connection {
  readonly config: OidcConfig
  startLogin(asked: {
    host: string | undefined
    returnUrl: string | undefined
  }): Promise<{ url: string; begun: string }>
  finishLogin(given: { query: URLSearchParams; begun: string | undefined }): Promise<SsoSession & { returnUrl: string }>
  verify(token: string): Promise<Claims>
  /** Undefined: it is not time yet, or there is nothing to renew it with. */
  renew(given: GivenSession): Promise<SsoSession | undefined>
  /** Ends a session here and, as far as that can be done from here, at the provider. */
  end(given: GivenSession & { host: string | undefined }): Ending
  close(): Promise<void>
}

export interface ConnectionOptions {
  config: OidcConfig
  now(): number
  openDoor?: (config: OidcConfig) => ProviderDoor
}

const renewedMs = 60_000

export function openConnection({ config, now, openDoor = openProviderDoor }: ConnectionOptions): Connection {
  const door = openDoor(config)
  const seal = sealWith(config.serverKey)
  const begunLogins = openBegunLogins(seal, now)
  const provider = openProvider({ ...config, userInfoUrl: config.userInfo?.url, fetch: door.fetch, now })
  const keys = openKeySet({ url: async () => (await provider.metadata()).jwks_uri ?? '', fetch: door.fetch, now })
  const userInfo = config.userInfo && openUserInfo({ provider, cacheMs: config.userInfo.cacheMs, now })
  /** Browsers ask for several things at once, and a refresh token may be used only once. */
  const renewals = new LRUCache<string, { session: Promise<SsoSession | undefined>; at: number }>({ max: 1_000 })
  const ended = new LRUCache<string, true>({ max: 10_000 })

  async function verified(token: string): Promise<Claims> {
    const { issuer, id_token_signing_alg_values_supported: signedWith } = await provider.metadata()
    const { audiences, clientId, cliClientId } = config
    const parties = [...audiences, clientId, ...(cliClientId ? [cliClientId] : [])]
    return verifyIdToken(token, { issuer, audiences, parties, signedWith, keys, now: now() })
  }

  async function sessionOf(tokens: Tokens, before?: KeptSession): Promise<SsoSession> {
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

  function renewOnce(session: KeptSession, refreshToken: string): Promise<SsoSession | undefined> {
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
    config,
    async startLogin({ host, returnUrl: wanted }) {
      const { urls, issuer } = config
      const base = baseUrl(urls, host)
      const back = returnUrl(wanted, { urls, base })
      const redirectUri = callbackUrl(base)
      const { url, ...asked } = await askForLogin(provider, { ...config, redirectUri })
      return { url, begun: begunLogins.keep({ ...asked, redirectUri, returnUrl: back, issuer, begunAt: now() }) }
    },
    async finishLogin({ query, begun }) {
      const login = begunLogins.take(begun, { state: query.get('state'), issuer: config.issuer })
      const session = await sessionOf(await completeLogin(provider, { ...login, query }))
      return { ...session, returnUrl: login.returnUrl }
    },
    async verify(token) {
      const claims = await verified(token)
      return userInfo ? userInfo.withGroups(claims) : claims
    },
    async renew(given) {
      const found = opened(given)
      if (!found) return undefined
      const { session, expiresAt } = found
      const { refreshThresholdMs: thresholdMs, sessionMs } = config
      if (session.accessToken !== undefined) userInfo?.remember(session.subject, session.accessToken)
      if (!isRenewalDue(session, expiresAt, { thresholdMs, sessionMs, now: now() })) return undefined
      return session.refreshToken === undefined ? undefined : renewOnce(session, session.refreshToken)
    },
    end({ idToken, kept, host }) {
      const found = opened({ idToken, kept })
      if (found) ended.set(found.session.id, true)
      const metadata = provider.known()
      const { logoutUrl: template, clientId } = config
      const home = baseUrl(config.urls, host)
      const url = logoutUrl({ template, endSession: metadata?.end_session_endpoint, clientId }, { idToken, home })
      const token = metadata?.revocation_endpoint ? found?.session.refreshToken : undefined
      const revoked = token
        ? provider.asClient((configuration) => tokenRevocation(configuration, token))
        : Promise.resolve()
      return { url, home: `${home}/`, revoked }
    },
    close: door.close,
  }
}

type Tokens = Parameters<typeof keptSession>[0]
