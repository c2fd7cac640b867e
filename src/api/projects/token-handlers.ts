/** Tokens of a project's roles, for programs: for whoever may change the project, and for the members of the role. */
import { routes } from '../../contract/index.ts'
import { tokenOptions } from '../accounts/token-options.ts'
import { audit } from '../audit/audit.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { projectQuestion } from './find-project.ts'

/** The token service decides who is permitted: the same words whether project and role are there or not. */
export function projectTokenHandlers(services: Services): Handler[] {
  const { controlPlane, projectTokens } = services

  return [
    handler(routes.projects.createToken, async (call) => {
      const { project: object, role } = call.params
      call.may(projectQuestion(object, 'update'))
      const token = await projectTokens.create(call.caller, { project: object, role, ...tokenOptions(call.body) })
      const did = `created a token of role ${role} of project ${object}`
      await audit(call, { reason: 'ResourceCreated', did, object, subject: controlPlane.project(object) }, services)
      return { token }
    }),
    handler(routes.projects.deleteToken, async (call) => {
      const { project: object, role, iat } = call.params
      const { id } = call.query
      call.may(projectQuestion(object, 'update'))
      await projectTokens.delete(call.caller, { project: object, role, ...(id && { id }), iat: Number(iat) })
      const did = `deleted token ${id || iat} of role ${role} of project ${object}`
      await audit(call, { reason: 'ResourceDeleted', did, object, subject: controlPlane.project(object) }, services)
      return {}
    }),
  ]
}
