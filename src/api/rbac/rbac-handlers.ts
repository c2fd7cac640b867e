/** What policies decide, by which line, and what is wrong with them. */
import { PolicyExplainer } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'

export function rbacHandlers({ access, controlPlane }: Pick<Services, 'access' | 'controlPlane'>): Handler[] {
  const explainer = new PolicyExplainer(access)
  return [
    handler(routes.rbac.explain, async ({ caller, body }) => {
      const { allowed, line, role, subject } = explainer.explain(caller, body, controlPlane.namespace)
      return { allowed, ...(line && { line }), ...(role && { role }), ...(subject && { subject }) }
    }),
    handler(routes.rbac.problems, async (call) => {
      call.require({ resource: 'accounts', action: 'get', object: '*' })
      const { problems, ...state } = explainer.state(controlPlane.projects())
      return { ...state, items: problems.map(({ place, message, level }) => ({ ...place, message, level })) }
    }),
  ]
}
