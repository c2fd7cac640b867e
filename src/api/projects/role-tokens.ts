/** The tokens of a project's roles: the same list stands in the spec, where it was first, and in the status. Pure. */
import type { AppProject } from '../../model/index.ts'

interface RoleToken {
  /** Seconds since the epoch. */
  iat: number
  exp?: number
  id?: string
}

type TokensByRole = Record<string, { items?: RoleToken[] }>

/** The project with each role's tokens in both places, and no tokens of roles that are gone. */
export function normaliseTokens(project: AppProject): AppProject {
  const roles = project.spec.roles ?? []
  if (roles.length === 0) return withoutTokens(project)
  const listed = roles.map((role) => [role.name, tokensOf(project, role.name)] as const)
  const spec = { ...project.spec, roles: roles.map((role, at) => ({ ...role, jwtTokens: listed[at]?.[1] ?? [] })) }
  return {
    ...project,
    spec,
    status: { jwtTokensByRole: Object.fromEntries(listed.map(([name, items]) => [name, { items }])) },
  }
}

function withoutTokens(project: AppProject): AppProject {
  return byRole(project).size === 0 ? project : { ...project, status: {} }
}

function tokensOf(project: AppProject, role: string): RoleToken[] {
  const inSpec = project.spec.roles?.find(({ name }) => name === role)?.jwtTokens ?? []
  const all = [...(byRole(project).get(role) ?? []), ...inSpec].map(withId)
  return [...new Map(all.map((token) => [token.id, token])).values()].sort((one, other) => other.iat - one.iat)
}

/** Older tokens have no id; the time of their issue stands for it, as in Argo CD. */
function withId(token: RoleToken): RoleToken {
  return token.id ? token : { ...token, id: String(token.iat) }
}

function byRole({ status }: AppProject): Map<string, RoleToken[]> {
  const listed = (status as { jwtTokensByRole?: TokensByRole } | undefined)?.jwtTokensByRole ?? {}
  return new Map(Object.entries(listed).map(([name, { items = [] }]) => [name, items]))
}
