/** What the history asks to be done. */
import { type Application, api, routes } from '../../lib/api.ts'

function named({ metadata: { name, namespace } }: Application) {
  return { params: { name }, where: namespace ? { appNamespace: namespace } : {} }
}

export interface RollBack {
  id: number
  prune: boolean
  hooks: boolean
}

export function rollBack(application: Application, { id, prune, hooks }: RollBack): Promise<Application> {
  const { params, where } = named(application)
  const chosen = { ...(prune && { prune }), ...(hooks && { hooks }) }
  return api.call(routes.applications.rollback, { params, body: { ...where, ...params, id, pin: true, ...chosen } })
}

export function unpin(application: Application): Promise<Application> {
  const { params, where } = named(application)
  return api.call(routes.applications.unpin, { params, query: where })
}
