/** Tokens of project roles, as the AppProject lists them: in `spec.roles[].jwtTokens` and in `status.jwtTokensByRole`. */
import type { AppProject } from '../../model/index.ts'
import { AccessError } from '../access-error.ts'
import type { OwnClaims } from './session-token.ts'

export interface RoleToken {
  /** Seconds since 1970. */
  iat: number
  exp?: number
  id?: string
}

interface TokenStatus {
  jwtTokensByRole?: Record<string, { items?: RoleToken[] }>
}

/** A merge patch. */
export type ProjectPatch = { spec: { roles: AppProject['spec']['roles'] }; status: TokenStatus }

function roleOf(project: AppProject, role: string) {
  return project.spec.roles?.find(({ name }) => name === role)
}

/** Those in the two lists, each once. */
export function roleTokens(project: AppProject, role: string): RoleToken[] {
  const status = project.status as TokenStatus | undefined
  const byRole = status?.jwtTokensByRole ?? {}
  const listed = Object.hasOwn(byRole, role) ? (byRole[role]?.items ?? []) : []
  const all = [...listed, ...(roleOf(project, role)?.jwtTokens ?? [])]
  return [...new Map(all.map((token) => [token.id || token.iat, token])).values()]
}

/** Found by its id; by its time only where neither the token nor the list has one. */
export function hasRoleToken(project: AppProject, role: string, { id, issuedAt }: OwnClaims): boolean {
  if (!roleOf(project, role)) return false
  return roleTokens(project, role).some((token) =>
    token.id ? token.id === id : id === undefined && token.iat === issuedAt,
  )
}

export function withRoleToken(project: AppProject, role: string, token: RoleToken): ProjectPatch {
  const tokens = roleTokens(project, role)
  if (tokens.some(({ id }) => id === token.id)) {
    throw new AccessError('invalid', `Token id '${token.id}' has been used. `)
  }
  return listing(project, role, [...tokens, token])
}

/** Undefined: there is none. An id counts before a time. */
export function withoutRoleToken(
  project: AppProject,
  role: string,
  { id, iat }: { id?: string; iat?: number },
): ProjectPatch | undefined {
  const tokens = roleTokens(project, role)
  const gone = tokens.find((token) => id && token.id === id) ?? tokens.find((token) => !id && token.iat === iat)
  return (
    gone &&
    listing(
      project,
      role,
      tokens.filter((token) => token !== gone),
    )
  )
}

function listing(project: AppProject, role: string, tokens: RoleToken[]): ProjectPatch {
  const roles = (project.spec.roles ?? []).map((one) => (one.name === role ? { ...one, jwtTokens: tokens } : one))
  return { spec: { roles }, status: { jwtTokensByRole: { [role]: { items: tokens } } } }
}
