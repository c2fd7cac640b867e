/** A token → who it belongs to. Every token goes through here, and is verified whatever else the installation permits. */
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { AppProject } from '../../model/index.ts'
import { AccessError, invalidSession } from '../access-error.ts'
import type { Account, Capability } from '../account/account.ts'
import { type Caller, ownerOf } from '../caller.ts'
import { readProjectSubject } from '../rbac/project-policy.ts'
import { type Claims, callerOfClaims } from './claims.ts'
import type { Revocations } from './revocations.ts'
import { hasRoleToken } from './role-tokens.ts'
import { longestToken, type OwnClaims, ownIssuer } from './session-token.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** Verifies the token of an identity provider; undefined or an error where it is not to be taken. */
export type VerifyExternal = (token: string, issuer: string) => Promise<Claims | undefined>

export interface Authority {
  secretKey: string | undefined
  verifiedTokens: VerifiedTokens
  accounts: Map<string, Account>
  project(name: string): AppProject | undefined
  scopes: string[]
  revocations: Revocations
  verifyExternal: VerifyExternal | undefined
  /** Milliseconds since 1970. */
  now: number
}

/** Throws an AccessError that says nothing but that the token is not taken; its reason says why. */
export async function authenticate(token: string, authority: Authority): Promise<Caller> {
  if (token.length > longestToken) throw invalidSession('the token is too long')
  const issuer = issuerOf(token)
  const caller =
    issuer === ownIssuer ? await ownCaller(token, authority) : await externalCaller(token, issuer, authority)
  const { tokenId: id, issuedAt = 0 } = caller
  if (id !== undefined && authority.revocations.isRevoked({ id, owner: ownerOf(caller), issuedAt })) {
    throw invalidSession('the token is revoked')
  }
  return caller
}

/** Not verified yet: it only says who has to. */
function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token)
    if (typeof iss === 'string' && iss !== '') return iss
  } catch (error) {
    throw invalidSession(`the token cannot be read: ${(error as Error).message}`)
  }
  throw invalidSession('the token names no issuer')
}

async function ownCaller(token: string, authority: Authority): Promise<Caller> {
  const claims = await authority.verifiedTokens.claimsOf(token, authority.secretKey, authority.now)
  const role = readProjectSubject(claims.subject)
  return role ? roleCaller(claims, role, authority) : accountCaller(claims, authority)
}

function roleCaller(
  claims: OwnClaims,
  { project: name, role }: { project: string; role: string },
  authority: Authority,
): Caller {
  const project = authority.project(name)
  if (!project || !hasRoleToken(project, role, claims)) throw invalidSession(`${claims.subject} has no such token`)
  const { subject, issuedAt, expiresAt, id } = claims
  return {
    kind: 'project-role',
    name: subject,
    issuer: ownIssuer,
    groups: [],
    subjects: { subject, groups: [], tokenProject: name },
    issuedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(id !== undefined && { tokenId: id }),
  }
}

function accountCaller(claims: OwnClaims, { accounts }: Authority): Caller {
  const { issuedAt, expiresAt, id } = claims
  const { name, capability } = readAccountSubject(claims.subject)
  const account = accounts.get(name)
  if (!account) throw invalidSession(`there is no account ${name}`)
  if (!account.enabled) throw invalidSession(`account ${name} is disabled`)
  if (!account.capabilities.includes(capability)) throw invalidSession(`account ${name} does not have ${capability}`)
  if (id === undefined) throw invalidSession('the token has no id')
  if (capability === 'login' && expiresAt === undefined) throw invalidSession('the session does not end')
  if (capability === 'apiKey' && !account.tokens.some((token) => token.id === id)) {
    throw invalidSession(`account ${name} has no token ${id}`)
  }
  if (account.passwordChangedAt !== undefined && issuedAt * 1000 < account.passwordChangedAt) {
    throw invalidSession(`the password of ${name} has changed since`)
  }
  return {
    kind: 'account',
    name,
    issuer: ownIssuer,
    groups: [],
    subjects: { subject: name, groups: [] },
    issuedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    tokenId: id,
    capability,
  }
}

/** `<account>:login` or `<account>:apiKey`; the account alone, as old API tokens have it, is the latter. */
function readAccountSubject(subject: string): { name: string; capability: Capability } {
  const [name = '', capability = 'apiKey', ...more] = subject.split(':')
  if ((capability !== 'login' && capability !== 'apiKey') || more.length > 0) {
    throw invalidSession('the subject of the token is not of a known form')
  }
  return { name, capability }
}

async function externalCaller(token: string, issuer: string, authority: Authority): Promise<Caller> {
  const { verifyExternal, accounts, scopes, now } = authority
  if (!verifyExternal) throw invalidSession(`nobody here verifies tokens of ${issuer}`)
  const claims = await verified(token, issuer, verifyExternal)
  if (claims?.iss !== issuer) throw invalidSession(`the token is not taken as one of ${issuer}`)
  // Whoever may choose a name there must not become somebody here.
  const isReserved = (name: string) => accounts.has(name) || /^(role|proj):/.test(name)
  const fallbackId = createHash('sha256').update(token).digest('base64url')
  return callerOfClaims(claims, { scopes, isReserved, fallbackId, now })
}

async function verified(token: string, issuer: string, verifyExternal: VerifyExternal): Promise<Claims | undefined> {
  try {
    return await verifyExternal(token, issuer)
  } catch (error) {
    if (error instanceof AccessError) throw error
    throw invalidSession(`the token of ${issuer} is not valid: ${(error as Error).message}`)
  }
}
