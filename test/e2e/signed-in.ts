/** A client of the REST API that has signed in as the first account. */
import { type ApiClient, apiClient, routes } from '../../src/contract/index.ts'
import type { World } from './world.ts'

export interface SignedIn {
  api: ApiClient
  /** A request that the typed client cannot make. */
  get(path: string, headers?: Record<string, string>): Promise<Response>
}

export async function signIn(world: World): Promise<SignedIn> {
  const base = world.tiphys().url
  const body = { username: 'admin', password: world.tiphys().adminPassword ?? '' }
  const { token } = await apiClient({ base }).call(routes.session.create, { body })
  return {
    api: apiClient({ base, token: () => token }),
    get: (path, headers) => fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
  }
}
