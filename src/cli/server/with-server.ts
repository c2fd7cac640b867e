/** Runs commands against the API, and says in failures which server was asked, and as whom. */
import { type ApiClient, ApiFailure, apiClient } from '../../contract/client.ts'
import { messageOf } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { ServerFlags } from './flags.ts'
import { readLogins } from './login-file.ts'
import { baseOf, type ServerPlace, serverOf } from './place.ts'
import { needsRenewal, renewed } from './renew.ts'
import { openTransport } from './transport.ts'

export async function withServer<Result>(
  flags: ServerFlags,
  work: (api: ApiClient, place: ServerPlace) => Promise<Result>,
): Promise<Result> {
  const { logins } = await readLogins(flags.config)
  const place = serverOf(flags, { env: process.env, logins })
  if (place?.kind === 'server') return atServer(place, flags, work)
  throw new CommandError(
    'this needs the API of Tiphys: sign in with "tiphys login ADDRESS", or name it with --server and --auth-token',
    { code: exitCode.usage },
  )
}

export async function atServer<Result>(
  place: ServerPlace,
  flags: ServerFlags,
  work: (api: ApiClient, place: ServerPlace) => Promise<Result>,
): Promise<Result> {
  const transport = await openTransport(place.entry, flags)
  let current = place
  const api = apiClient({ base: baseOf(place.entry), token: () => current.token, fetch: transport.fetch })
  try {
    if (needsRenewal(place, new Date())) {
      const anonymous = apiClient({ base: baseOf(place.entry), fetch: transport.fetch })
      current = await renewed(place, flags, anonymous)
    }
    return await work(api, current)
  } catch (error) {
    throw told(error, current)
  } finally {
    await transport.close()
  }
}

function told(error: unknown, place: ServerPlace): Error {
  const code = error instanceof CommandError ? error.code : exitCode.failure
  if (!(error instanceof CommandError || error instanceof ApiFailure) || code === exitCode.usage) return error as Error
  return new CommandError(`${messageOf(error)}${hint(error, place)}\n(${placeText(place)})`, { code, cause: error })
}

function hint(error: Error, { token, entry, login }: ServerPlace): string {
  // Whoever is just signing in knows.
  if (!(error instanceof ApiFailure) || error.status !== 401 || token === '') return ''
  if (login === undefined || token !== login.user['auth-token']) {
    return `: give another token, or sign in with "tiphys login ${entry.server}"`
  }
  return `: sign in again with "tiphys relogin --argocd-context ${login.name}"`
}

function placeText({ entry, login, token }: ServerPlace): string {
  const who = login && token === login.user['auth-token'] ? `login ${login.name}` : token ? 'a given token' : 'nobody'
  return `asked the API at ${baseOf(entry)} as ${who}`
}
