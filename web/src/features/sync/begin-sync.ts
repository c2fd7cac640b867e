/** What the panel asks to be done. */
import { type Application, api, routes } from '../../lib/api.ts'
import type { syncRequest } from './choices.ts'

export function beginSync(application: Application, request: ReturnType<typeof syncRequest>): Promise<Application> {
  const { name, namespace } = application.metadata
  const where = { name, ...(namespace && { appNamespace: namespace }) }
  return api.call(routes.applications.sync, { params: { name }, body: { ...request, ...where } })
}
