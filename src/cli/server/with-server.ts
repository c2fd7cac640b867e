/** Runs commands against the API, and says in failures which server was asked, and as whom. */
import { type ApiClient, ApiFailure, apiClient } from '../../contract/client.ts'
import { messageOf } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { ServerFlags } from './flags.ts'
import { readLogins } from './login-file.ts'
import { baseOf, type ServerPlace, serverOf } from './place.ts'
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
  const api = apiClient({ base: baseOf(place.entry), token: () => place.token, fetch: transport.fetch })
  try {
    return await work(api, place)
  } catch (error) {
    throw told(error, place)
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
  if (!login) return `: sign in with "tiphys login ${entry.server}", or give another token`
  return `: sign in again with "tiphys relogin --argocd-context ${login.name}"`
}

function placeText({ entry, login, token }: ServerPlace): string {
  const who = login && token === login.user['auth-token'] ? `login ${login.name}` : token ? 'a given token' : 'nobody'
  return `asked the API at ${baseOf(entry)} as ${who}`
}
