/** Tokens of a project's roles, for programs. */
import { routes } from '../../contract/index.ts'
import type { AppProject } from '../../model/index.ts'
import { tokenOptions } from '../accounts/token-options.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { existingProject, projectQuestion } from './find-project.ts'

export function projectTokenHandlers(services: Services): Handler[] {
  const { controlPlane, accounts } = services

  return [
    handler(routes.projects.createToken, async (call) => {
      const subject = projectOfRole(call, call.params)
      const { project: object, role } = call.params
      if (!subject.spec.roles?.some(({ name }) => name === role)) {
        throw new ApiError('NotFound', `the project ${object} has no role ${role}`)
      }
      const { id, token } = await accounts.createRoleToken(call.params, tokenOptions(call.body))
      const did = `created token ${id} of role ${role} of project ${object}`
      await audit(call, { reason: 'ResourceCreated', did, object, subject }, services)
      return { token }
    }),
    handler(routes.projects.deleteToken, async (call) => {
      const subject = projectOfRole(call, call.params)
      const { project: object, role, iat } = call.params
      const { id } = call.query
      await accounts.deleteRoleToken(call.params, { ...(id && { id }), iat: Number(iat) })
      const did = `deleted token ${id || iat} of role ${role} of project ${object}`
      await audit(call, { reason: 'ResourceDeleted', did, object, subject }, services)
      return {}
    }),
  ]

  /** As in Argo CD: for whoever may change the project, and for the members of the role. */
  function projectOfRole(
    call: Pick<Call, 'may' | 'caller'>,
    { project: name, role }: { project: string; role: string },
  ): AppProject {
    const project = controlPlane.project(name)
    if (!call.may(projectQuestion(name, 'update')) && !isMember(call, project, role)) {
      throw permissionDenied(`projects, update, ${name}, sub: ${call.caller.name}`)
    }
    return existingProject(name, controlPlane)
  }
}

function isMember({ caller }: Pick<Call, 'caller'>, project: AppProject | undefined, role: string): boolean {
  const groups = project?.spec.roles?.find(({ name }) => name === role)?.groups ?? []
  return groups.some((group) => caller.groups.includes(group))
}
