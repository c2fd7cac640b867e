/** What the panel asks to be done. */
import { type Application, api, routes } from '../../lib/api.ts'
import type { syncRequest } from './choices.ts'

function home({ metadata: { namespace } }: Application): { appNamespace?: string } {
  return namespace ? { appNamespace: namespace } : {}
}

export function beginSync(application: Application, request: ReturnType<typeof syncRequest>): Promise<Application> {
  const { name } = application.metadata
  return api.call(routes.applications.sync, { params: { name }, body: { ...request, name, ...home(application) } })
}

export function terminate(application: Application): Promise<unknown> {
  const { name } = application.metadata
  return api.call(routes.applications.terminateOperation, { params: { name }, query: home(application) })
}
