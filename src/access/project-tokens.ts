/** Tokens of the roles of projects: made and deleted by whoever may update the project, and by the groups of the role. */
import { randomUUID } from 'node:crypto'
import type { Access } from './access.ts'
import { AccessError } from './access-error.ts'
import { checkTokenRequest } from './accounts.ts'
import type { Caller } from './caller.ts'
import { projectSubject } from './rbac/project-policy.ts'
import { withoutRoleToken, withRoleToken } from './session/role-tokens.ts'

interface RoleName {
  project: string
  role: string
}

export interface RoleTokenRequest extends RoleName {
  /** By chance when left out. */
  id?: string | undefined
  /** In seconds; 0: it does not end. */
  lifetime?: number
}

export class ProjectTokenService {
  private readonly access: Access

  constructor(access: Access) {
    this.access = access
  }

  async create(caller: Caller, { project, role, id = randomUUID(), lifetime = 0 }: RoleTokenRequest): Promise<string> {
    this.demand(caller, { project, role })
    checkTokenRequest(id, lifetime)
    const iat = this.access.seconds()
    const token = await this.access.issue(projectSubject(project, role), { id, issuedAt: iat, lifetime })
    const entry = { iat, ...(lifetime > 0 && { exp: iat + lifetime }), id }
    await this.access.options.updateProject(project, (now) => withRoleToken(now, role, entry))
    return token
  }

  /** By its id, or by when it was issued. One that is not there is gone already. */
  async delete(caller: Caller, { project, role, ...which }: RoleName & { id?: string; iat?: number }): Promise<void> {
    this.demand(caller, { project, role })
    await this.access.options.updateProject(project, (now) => withoutRoleToken(now, role, which))
  }

  /** Who may not gets the same answer whether project and role are there or not. */
  private demand(caller: Caller, { project: name, role: roleName }: RoleName): void {
    const project = this.access.options.views.project(name)
    const role = project?.spec.roles?.find((one) => one.name === roleName)
    const isMember = role?.groups?.some((group) => caller.subjects.groups.includes(group)) ?? false
    const request = { resource: 'projects', action: 'update', object: name }
    if (!isMember && !this.access.enforcerOf(caller).may(request).allowed) {
      throw new AccessError('forbidden', 'permission denied', `projects, update, ${name}, sub: ${caller.name}`)
    }
    if (!role) throw new AccessError('not-found', `project '${name}' does not have role '${roleName}'`)
  }
}
