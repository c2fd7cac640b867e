/** The tokens that we issue: signed with `server.secretkey` of argocd-secret by HS256, as Argo CD signs them. */
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { invalidSession } from '../access-error.ts'

export const ownIssuer = 'argocd'
/** Those of identity providers carry lists of groups. */
export const longestToken = 32 * 1024

export interface OwnClaims {
  subject: string
  /** Seconds since 1970. */
  issuedAt: number
  expiresAt?: number
  /** Tokens of project roles from before there were ids have none. */
  id?: string
}

export async function signToken(
  { subject, issuedAt, expiresAt, id }: OwnClaims,
  secretKey: string | undefined,
): Promise<string> {
  const token = new SignJWT({ ...(id !== undefined && { jti: id }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ownIssuer)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
  if (expiresAt !== undefined) token.setExpirationTime(expiresAt)
  const key = keyOf(secretKey)
  if (!key) throw new Error(missingKey)
  return token.sign(key)
}

/** Signature, algorithm, issuer, times and types; whether the token is still wanted is for others to say. */
export async function verifyOwnToken(
  token: string,
  secretKey: string | undefined,
  now: number,
): Promise<OwnClaims & { notBefore?: number }> {
  const key = keyOf(secretKey)
  if (!key) throw invalidSession(missingKey)
  const payload = await verify(token, key, now)
  const { sub, iat, exp, nbf, jti } = payload
  if (typeof sub !== 'string' || sub === '') throw invalidSession('the token has no subject')
  if (typeof iat !== 'number' || !Number.isFinite(iat))
    throw invalidSession('the token does not say when it was issued')
  if (isOfTheFuture(iat, now)) throw invalidSession('the token is issued in the future')
  if (jti !== undefined && (typeof jti !== 'string' || jti === ''))
    throw invalidSession('the id of the token is no text')
  return {
    subject: sub,
    issuedAt: iat,
    ...(exp !== undefined && { expiresAt: exp }),
    ...(nbf !== undefined && { notBefore: nbf }),
    ...(jti && { id: jti }),
  }
}

/** A clock that is set back must not bring tokens of the future to life. */
export function isOfTheFuture(issuedAt: number, now: number): boolean {
  return issuedAt * 1000 > now + 60_000
}

async function verify(token: string, key: Uint8Array, now: number): Promise<JWTPayload> {
  try {
    const options = { algorithms: ['HS256'], issuer: ownIssuer, currentDate: new Date(now) }
    return (await jwtVerify(token, key, options)).payload
  } catch (error) {
    throw invalidSession(`the token is not valid: ${(error as Error).message}`)
  }
}

const missingKey = 'server.secretkey of argocd-secret is missing or too short: no token is signed or taken'

function keyOf(secretKey: string | undefined): Uint8Array | undefined {
  return secretKey && secretKey.length >= 16 ? new TextEncoder().encode(secretKey) : undefined
}
