/** Who asks. */
import type { EnforcedSubjects } from './rbac/enforcer.ts'

export interface Caller {
  kind: 'account' | 'project-role' | 'sso' | 'anonymous'
  /** For people to read: the account, `proj:<project>:<role>`, or the e-mail address of an identity provider. */
  name: string
  /** `argocd` for our own tokens; empty for somebody anonymous. */
  issuer: string
  /** As the identity provider names them. */
  groups: string[]
  /** What policies are asked about. */
  subjects: EnforcedSubjects
  /** Seconds since 1970. */
  issuedAt?: number
  expiresAt?: number
  tokenId?: string
  /** What the token of an account is for. */
  capability?: 'login' | 'apiKey'
}

export const anonymous: Caller = {
  kind: 'anonymous',
  name: '',
  issuer: '',
  groups: [],
  subjects: { groups: [] },
}

/** Whose tokens are revoked together. */
export function ownerOf({ issuer, name, subjects, capability }: Caller): string {
  return `${issuer}|${subjects.subject ?? name}|${capability ?? ''}`
}
