/** A client of the API that has signed in as admin, and everything that it was answered. */
import { type ApiClient, apiClient, routes } from '../../src/contract/index.ts'
import type { World } from './world.ts'

export interface SignedIn {
  api: ApiClient
  token(): string
  /** A request that the typed client cannot make. */
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Nobody. */
  anonymous: ApiClient
  /** The texts of all answers so far, of refusals too. */
  answers: string[]
}

export async function signIn(world: World): Promise<SignedIn> {
  const answers: string[] = []
  let token: string | undefined
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (response.headers.get('content-type')?.includes('application/json')) answers.push(await response.clone().text())
    return response
  }
  const base = world.tiphys().url
  const api = apiClient({ base, token: () => token, fetch: recording })
  const body = { username: 'admin', password: world.tiphys().adminPassword ?? '' }
  token = (await api.call(routes.session.create, { body })).token
  return {
    api,
    get: (path, headers) => recording(`${base}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
    token: () => token ?? '',
    anonymous: apiClient({ base, fetch: recording }),
    answers,
  }
}

/** In plain text and in base64, as Secrets keep it. */
export function spellingsOf(secret: string): string[] {
  return [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]
}
