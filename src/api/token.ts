/** Where a request carries its token: the Authorization header, or the cookie of a browser. */
import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { joinChunkedCookie } from './sso/chunked-cookie.ts'

export const cookieName = 'argocd.token'

export interface GivenToken {
  token: string
  /** Sent by a browser by itself, on whoever's behalf. */
  byCookie: boolean
}

export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): GivenToken | undefined {
  const [scheme, bearer] = (headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer' && bearer) return { token: bearer, byCookie: false }
  const cookie = joinChunkedCookie(cookieName, parseCookie(headers.cookie ?? ''))
  return cookie ? { token: cookie, byCookie: true } : undefined
}
