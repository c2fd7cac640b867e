/** A login through a provider whose token has expired: renewed without anybody, where the provider allows it. */
import { type ApiClient, routes } from '../../contract/index.ts'
import { readClaims } from '../login/session-claims.ts'
import type { ServerFlags } from './flags.ts'
import { readLogins, writeLogins } from './login-file.ts'
import type { ServerPlace } from './place.ts'

/** So long before its end a token counts as expired: commands take their time. */
const marginSeconds = 60

export function needsRenewal({ token, login }: ServerPlace, now: Date): boolean {
  const { 'auth-token': own, 'refresh-token': refreshToken } = login?.user ?? {}
  if (token === undefined || token !== own || refreshToken === undefined) return false
  const { expiresAt } = readClaims(token)
  return expiresAt !== undefined && expiresAt - marginSeconds < now.getTime() / 1000
}

/** The place with a new token, which is kept; the same where the provider gives none. */
export async function renewed(place: ServerPlace, flags: ServerFlags, api: ApiClient): Promise<ServerPlace> {
  const { login } = place
  const refreshToken = login?.user['refresh-token']
  const { oidcConfig } = await api.call(routes.settings.get, {})
  const { issuer, clientID, cliClientID } = oidcConfig ?? {}
  if (!login || !refreshToken || !issuer || !clientID) return place
  // Loaded only here: nothing else needs the library.
  const { renewTokens } = await import('../sso-login.ts')
  const tokens = await renewTokens({ issuer, clientId: cliClientID ?? clientID, refreshToken }).catch(() => undefined)
  if (!tokens) return place
  const user = {
    ...login.user,
    'auth-token': tokens.idToken,
    ...(tokens.refreshToken && { 'refresh-token': tokens.refreshToken }),
  }
  const { path, logins } = await readLogins(flags.config)
  await writeLogins(path, { ...logins, users: logins.users.map((one) => (one.name === user.name ? user : one)) })
  return { ...place, token: tokens.idToken, login: { ...login, user } }
}
