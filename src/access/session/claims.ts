/** What the claims of an identity provider say about a person. */

import { invalidSession } from '../access-error.ts'
import type { Caller } from '../caller.ts'

export type Claims = Record<string, unknown>

/** The claims are verified: signature, audience, issuer. What every token has to hold is checked here once more. */
export function callerOfClaims(claims: Claims, { scopes, isReserved, fallbackId, now }: ClaimsContext): Caller {
  const { iss, iat, exp, nbf } = claims
  const userId = userIdOf(claims)
  if (!userId) throw invalidSession('the token of the identity provider has no subject')
  if (typeof exp !== 'number' || exp * 1000 <= now)
    throw invalidSession('the token of the identity provider has expired')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now)) {
    throw invalidSession('the token of the identity provider is not valid yet')
  }
  const groups = groupsOf(claims, scopes)
  return {
    kind: 'sso',
    name: textOf(claims, 'email') || userId,
    issuer: String(iss),
    groups,
    subjects: {
      subject: isReserved(userId) ? undefined : userId,
      groups: groups.filter((group) => !isReserved(group)),
    },
    ...(typeof iat === 'number' && { issuedAt: iat }),
    expiresAt: exp,
    tokenId: textOf(claims, 'jti') || textOf(claims, 'uti') || fallbackId,
  }
}

export interface ClaimsContext {
  scopes: string[]
  /** Names that mean something else here, which an identity provider cannot give. */
  isReserved(name: string): boolean
  /** For tokens without an id. */
  fallbackId: string
  now: number
}

/** Dex says in `federated_claims` who the person is at the provider behind it. */
function userIdOf(claims: Claims): string {
  return valuesAt(claims, 'federated_claims.user_id')[0] || textOf(claims, 'sub')
}

/** The values of the claims that `scopes` names, each a text or a list; a dot leads into a claim. */
function groupsOf(claims: Claims, scopes: string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => valuesAt(claims, scope)))].filter((group) => group !== '')
}

/** URLs are names of claims too: a claim of the whole name comes first. */
function valuesAt(claims: Claims, name: string): string[] {
  const at = (object: unknown, key: string) =>
    typeof object === 'object' && object !== null && Object.hasOwn(object, key) ? (object as Claims)[key] : undefined
  const value = at(claims, name) ?? name.split('.').reduce<unknown>(at, claims)
  return [value].flat().filter((one) => typeof one === 'string')
}

function textOf(claims: Claims, name: string): string {
  const value = claims[name]
  return typeof value === 'string' ? value : ''
}
