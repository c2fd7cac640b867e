/** What a browser keeps, sealed, besides its ID token: what the session can be renewed with. */
import { createHash, randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { TokenEndpointResponse } from 'openid-client'
import type { Claims } from './verify-id-token.ts'

export interface KeptSession {
  id: string
  subject: string
  issuer: string
  startedAt: number
  refreshToken?: string
  /** Only where groups are read with it. */
  accessToken?: string
  accessUntil?: number
}

export interface KeepOptions {
  withAccessToken: boolean
  now: number
  /** The one that is renewed. */
  before?: KeptSession
}

export function keptSession(tokens: TokenEndpointResponse, { sub, iss }: Claims, options: KeepOptions): KeptSession {
  const { withAccessToken, now, before } = options
  // A provider that gives no new refresh token lets the old one be used again.
  const refreshToken = tokens.refresh_token ?? before?.refreshToken
  return {
    id: before?.id ?? randomUUID(),
    subject: sub,
    issuer: iss,
    startedAt: before?.startedAt ?? now,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(withAccessToken && { accessToken: tokens.access_token }),
    ...(withAccessToken && tokens.expires_in !== undefined && { accessUntil: now + tokens.expires_in * 1000 }),
  }
}

export interface DueRules {
  thresholdMs: number
  sessionMs: number
  now: number
}

/** Whether it is time to renew, and may still be done. `expiresAt` is the ID token's. */
export function isRenewalDue(kept: KeptSession, expiresAt: number, { thresholdMs, sessionMs, now }: DueRules): boolean {
  if (kept.refreshToken === undefined || now - kept.startedAt >= sessionMs) return false
  return expiresAt - now <= thresholdMs || (kept.accessUntil !== undefined && now >= kept.accessUntil)
}

/** Of a token that has not been verified, and may have expired: only good for finding what belongs to it. */
export function unverifiedClaims(token: string): { sub: string; iss: string; exp: number } | undefined {
  try {
    const { sub, iss, exp } = decodeJwt(token)
    return typeof sub === 'string' && typeof iss === 'string' && typeof exp === 'number' ? { sub, iss, exp } : undefined
  } catch {
    return undefined
  }
}

export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
