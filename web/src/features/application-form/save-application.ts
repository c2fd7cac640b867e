/** Sends what has been written to the server. */
import { type Application, api, routes } from '../../lib/api.ts'
import { type Draft, declared } from './draft.ts'

export async function createApplication(draft: Draft): Promise<Application> {
  return api.call(routes.applications.create, { body: declared(draft) as unknown as Application })
}

export async function updateApplication(draft: Draft): Promise<Application> {
  const body = declared(draft) as unknown as Application
  return api.call(routes.applications.update, { params: { name: draft.metadata.name }, body })
}
