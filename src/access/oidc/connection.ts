/** One provider, as one reading of the settings describes it. */
import { tokenRevocation } from 'openid-client'
import { openBegunLogins } from './begun-login.ts'
import { openKeySet } from './key-set.ts'
import { askForLogin, completeLogin } from './login.ts'
import { logoutUrl } from './logout-url.ts'
import type { OidcConfig } from './oidc-config.ts'
import { baseUrl, callbackUrl, returnUrl } from './own-urls.ts'
import { openProvider } from './provider.ts'
import { openProviderDoor, type ProviderDoor } from './provider-fetch.ts'
import { sealWith } from './seal.ts'
import { type GivenSession, openSessions, type SsoSession } from './sessions.ts'
import { openUserInfo } from './user-info.ts'
import { type Claims, verifyIdToken } from './verify-id-token.ts'

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

export function openConnection({ config, now, openDoor = openProviderDoor }: ConnectionOptions): Connection {
  const door = openDoor(config)
  const seal = sealWith(config.serverKey)
  const begunLogins = openBegunLogins(seal, now)
  const provider = openProvider({ ...config, userInfoUrl: config.userInfo?.url, fetch: door.fetch, now })
  const keys = openKeySet({ url: async () => (await provider.metadata()).jwks_uri ?? '', fetch: door.fetch, now })
  const userInfo = config.userInfo && openUserInfo({ provider, cacheMs: config.userInfo.cacheMs, now })
  const sessions = openSessions({ config, provider, seal, userInfo, verified, now })

  async function verified(token: string): Promise<Claims> {
    const { issuer, id_token_signing_alg_values_supported: signedWith } = await provider.metadata()
    const { audiences, clientId, cliClientId } = config
    const parties = [...audiences, clientId, ...(cliClientId ? [cliClientId] : [])]
    return verifyIdToken(token, { issuer, audiences, parties, signedWith, keys, now: now() })
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
      const session = await sessions.begin(await completeLogin(provider, { ...login, query }))
      return { ...session, returnUrl: login.returnUrl }
    },
    async verify(token) {
      const claims = await verified(token)
      return userInfo ? userInfo.withGroups(claims) : claims
    },
    renew: sessions.renew,
    end({ idToken, kept, host }) {
      const ended = sessions.end({ idToken, kept })
      const metadata = provider.known()
      const { logoutUrl: template, clientId } = config
      const home = baseUrl(config.urls, host)
      const url = logoutUrl({ template, endSession: metadata?.end_session_endpoint, clientId }, { idToken, home })
      const token = metadata?.revocation_endpoint ? ended?.refreshToken : undefined
      const revoked = token
        ? provider.asClient((configuration) => tokenRevocation(configuration, token))
        : Promise.resolve()
      return { url, home: `${home}/`, revoked }
    },
    close: door.close,
  }
}
