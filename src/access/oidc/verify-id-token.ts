/** Whether an ID token is one that the provider has issued, for us, and for now. */
import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { messageOf } from '../../model/index.ts'
import { SsoError } from './sso-error.ts'

/** Everything that the provider says about who has signed in. */
export type Claims = JWTPayload & { sub: string; iss: string; exp: number }

export interface IdTokenRules {
  issuer: string
  /** The token has to be meant for one of these. */
  audiences: string[]
  /** Whom it may have been issued to. */
  parties: string[]
  /** `id_token_signing_alg_values_supported`. */
  signedWith: string[] | undefined
  keys: JWTVerifyGetKey
  now: number
}

/** Asymmetric only: with HS256, whoever knows the public key or the client secret could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const longestToken = 64 * 1024
const toleranceSeconds = 10

/** Throws an SsoError: `invalid token`, `expired token`, or `unavailable` when the keys cannot be fetched. */
export async function verifyIdToken(token: string, rules: IdTokenRules): Promise<Claims> {
  if (token.length > longestToken) throw invalid('it is too long')
  checkType(token)
  try {
    const { payload } = await jwtVerify(token, rules.keys, {
      issuer: rules.issuer,
      audience: rules.audiences,
      algorithms: acceptable(rules.signedWith),
      requiredClaims: ['sub', 'aud', 'iat', 'exp'],
      clockTolerance: toleranceSeconds,
      currentDate: new Date(rules.now),
    })
    checkParty(payload, rules.parties)
    checkIssuedAt(payload, rules.now)
    if (typeof payload.sub !== 'string' || payload.sub === '') throw invalid('sub is missing')
    return payload as Claims
  } catch (error) {
    throw asSsoError(error)
  }
}

function acceptable(signedWith: string[] | undefined): string[] {
  const known = signedWith?.filter((name) => algorithms.includes(name)) ?? []
  return known.length > 0 ? known : ['RS256']
}

/** Access tokens, logout tokens and the like are signed with the same keys. */
function checkType(token: string): void {
  let type: unknown
  try {
    type = decodeProtectedHeader(token).typ
  } catch (cause) {
    throw invalid('it is no JWT', cause)
  }
  if (type !== undefined && String(type).toUpperCase() !== 'JWT') throw invalid('it is no ID token')
}

function checkParty({ azp }: JWTPayload, parties: string[]): void {
  if (azp === undefined || parties.some((party) => party === azp)) return
  throw invalid(`it was issued to ${JSON.stringify(azp)} (azp), which is not in allowedAudiences of oidc.config`)
}

function checkIssuedAt({ iat = 0 }: JWTPayload, now: number): void {
  if (iat > now / 1000 + toleranceSeconds) throw invalid('it says that it was issued in the future: compare the clocks')
}

function asSsoError(error: unknown): SsoError {
  if (error instanceof SsoError) return error
  if (error instanceof errors.JWTExpired)
    return new SsoError('expired token', 'the token has expired', { cause: error })
  return invalid(messageOf(error), error)
}

function invalid(why: string, cause?: unknown): SsoError {
  return new SsoError('invalid token', `the token is not accepted: ${why}`, { cause })
}
