/** Where a command goes: to the API of a Tiphys, or straight to the cluster. Pure. */
import { CommandError, exitCode } from '../exit-code.ts'
import type { PlaceFlags, ServerFlags } from './flags.ts'
import { type Login, type Logins, loginAt, loginNamed, type ServerEntry } from './logins.ts'

type Environment = Record<string, string | undefined>

export interface ServerPlace {
  kind: 'server'
  /** The address as logins have it, and how it is reached. */
  entry: ServerEntry
  token?: string
  /** The login in use. */
  login?: Login
}

export type Place = { kind: 'cluster' } | ServerPlace

export interface Known {
  env: Environment
  logins: Logins
}

/** What is named on the command line comes first, then the environment, then the login in use, then the cluster. */
export function placeOf(flags: PlaceFlags, known: Known): Place {
  const straight = ['core', 'kubeconfig', 'context', 'kubeContext'] as const
  const [named] = straight.filter((flag) => flags[flag] !== undefined && flags[flag] !== false)
  if (!named) return serverOf(flags, known) ?? { kind: 'cluster' }
  if (flags.server !== undefined) {
    const word = named.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new CommandError(`--server goes to the API, and --${word} straight to the cluster: leave one of them out`, {
      code: exitCode.usage,
    })
  }
  return { kind: 'cluster' }
}

/** undefined where neither a server is named nor a login is in use. */
export function serverOf(flags: ServerFlags, { env, logins }: Known): Place | undefined {
  if (flags.portForward || flags.portForwardNamespace) {
    throw new CommandError(
      'there is no --port-forward: run "kubectl port-forward" and give its address with --server, or leave it out to go straight to the cluster',
      { code: exitCode.usage },
    )
  }
  const address = flags.server ?? (env.TIPHYS_SERVER || env.ARGOCD_SERVER || undefined)
  const token = flags.authToken ?? (env.TIPHYS_AUTH_TOKEN || env.ARGOCD_AUTH_TOKEN || undefined)
  const login = address === undefined ? loginInUse(flags, logins) : loginAt(logins, readAddress(address).server)
  const entry = address === undefined ? login?.server : { ...login?.server, ...readAddress(address) }
  if (!entry) return undefined
  if (entry.core) return { kind: 'cluster' }
  const bearer = token ?? login?.user['auth-token']
  return { kind: 'server', entry: withFlags(entry, flags), ...(bearer && { token: bearer }), ...(login && { login }) }
}

function loginInUse({ argocdContext }: ServerFlags, logins: Logins): Login | undefined {
  const name = argocdContext ?? logins['current-context']
  if (!name) return undefined
  const login = loginNamed(logins, name)
  if (login) return login
  const known = logins.contexts.map((context) => context.name).join(', ') || 'none'
  throw new CommandError(`there is no login ${name}; there are: ${known}`, { code: exitCode.usage })
}

/** `host:port`, with a path where one stands in front of the API, or a whole URL. */
export function readAddress(text: string): ServerEntry {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.+?)\/*$/.exec(text.trim()) ?? []
  if (!rest || /[\s?#@]/.test(rest) || rest.includes('://')) {
    throw new CommandError(`${text} is no address such as tiphys.example.com:443`, { code: exitCode.usage })
  }
  return { server: rest, ...(scheme === 'http' && { 'plain-text': true }) }
}

function withFlags(entry: ServerEntry, { insecure, plaintext, grpcWebRootPath }: ServerFlags): ServerEntry {
  return {
    ...entry,
    ...(insecure && { insecure }),
    ...(plaintext && { 'plain-text': true }),
    ...(grpcWebRootPath && { 'grpc-web-root-path': grpcWebRootPath }),
  }
}

export function baseOf(entry: ServerEntry): string {
  const path = (entry['grpc-web-root-path'] ?? '').replace(/^\/+|\/+$/g, '')
  return `${entry['plain-text'] ? 'http' : 'https'}://${entry.server}${path ? `/${path}` : ''}`
}
