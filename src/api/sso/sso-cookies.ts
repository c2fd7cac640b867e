/** The cookies of a login through a provider: while it is under way, and once it is done. */
import { type Cookies, parseCookie, stringifyCookie } from 'cookie'
import { type GivenSession, loginLimitMs } from '../../access/oidc/index.ts'
import { cookieName } from '../token.ts'
import { endCookie, joinChunkedCookie, setChunkedCookie, setCookie } from './chunked-cookie.ts'

const stateCookie = 'argocd.oauthstate'
/** What a session is renewed with, sealed. */
const keptCookie = 'argocd.sso'

/** Of both together: servers, ours among them, take 16 KB of headers. */
const longestSession = 12_000

export function stateCookies(begun: string, secure: boolean): string[] {
  return [setCookie(stateCookie, begun, { secure, maxAge: loginLimitMs / 1000 })]
}

export function begunLogin(cookieHeader: string | undefined): string | undefined {
  return parseCookie(cookieHeader ?? '')[stateCookie]
}

export function endLogin(secure: boolean): string[] {
  return [endCookie(stateCookie, secure)]
}

/** Undefined: it is too long for a browser to send. */
export function sessionCookies({ idToken, kept }: GivenSession, secure: boolean): string[] | undefined {
  if (idToken.length + (kept?.length ?? 0) > longestSession) return undefined
  const keep = kept === undefined ? [endCookie(keptCookie, secure)] : setChunkedCookie(keptCookie, kept, secure)
  return [...setChunkedCookie(cookieName, idToken, secure), ...keep]
}

export function givenSession(cookieHeader: string | undefined): GivenSession | undefined {
  const cookies = parseCookie(cookieHeader ?? '')
  const idToken = joinChunkedCookie(cookieName, cookies)
  return idToken === undefined ? undefined : { idToken, kept: joinChunkedCookie(keptCookie, cookies) }
}

export function endSession(cookieHeader: string | undefined, secure: boolean): string[] {
  const given = Object.keys(parseCookie(cookieHeader ?? '')).filter(isOfSession)
  return [...new Set([cookieName, keptCookie, ...given])].map((name) => endCookie(name, secure))
}

/** The header as if the browser had sent the other session. */
export function withSession(cookieHeader: string | undefined, { idToken, kept }: GivenSession): string {
  const others = Object.entries(parseCookie(cookieHeader ?? '')).filter(([name]) => !isOfSession(name))
  const session: Cookies = { [cookieName]: idToken, ...(kept !== undefined && { [keptCookie]: kept }) }
  return stringifyCookie({ ...Object.fromEntries(others), ...session })
}

function isOfSession(name: string): boolean {
  return /^argocd\.(token|sso)(-\d+)?$/.test(name)
}
