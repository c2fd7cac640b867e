/** Asks an OCI registry: with the token that it hands out, or with name and password, as it wishes. */
import { type RepositoryConnection, StageError } from '../model/index.ts'
import type { Download, Downloader } from './download.ts'
import { authorization } from './git-access.ts'
import { isLocalIp } from './repository-address.ts'

export interface OciRequest {
  accept?: string
  limit: number
  method?: 'GET' | 'HEAD'
  headers?: Record<string, string>
}

export interface OciClient {
  readonly host: string
  /** As `get`, for answers of every status but those that refuse the credentials. */
  answer(name: string, path: string, options: OciRequest): Promise<Download>
  /** `name`: of a repository; `path`: below it. Answers of status 200; all others are StageErrors. */
  get(name: string, path: string, options: { accept?: string; limit: number }): Promise<Download>
  /** Throws a StageError when the registry cannot be reached, or refuses the credentials. */
  ping(): Promise<void>
}

export interface OciClientOptions {
  /** `HOST` or `HOST:PORT`. */
  host: string
  downloader: Downloader
  connection?: RepositoryConnection
  /** What to check when nothing is found, in words; the fields of a source unless given. */
  checked?: string
}

const answerLimit = 1024 * 1024

/** Of a registry: where it is spoken to. */
export function registryOrigin(
  host: string,
  { insecureOCIForceHttp, authorities, insecure }: RepositoryConnection = {},
): string {
  const hostname = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  // As container tools do it: TLS everywhere but on this machine, unless its TLS is spoken of.
  const isLocal = hostname === 'localhost' || isLocalIp(hostname)
  const isPlain = insecureOCIForceHttp || (isLocal && !authorities && !insecure)
  return `${isPlain ? 'http' : 'https'}://${host}`
}

export function openOciClient(options: OciClientOptions): OciClient {
  const { host, downloader, connection = {}, checked = 'repoURL and chart' } = options
  const origin = registryOrigin(host, connection)
  const { username = '', password, bearerToken } = connection
  const basic = password ? authorization({ username, password }) : undefined
  /** By the name of the repository: what to send with each request. */
  const proofs = new Map<string, string>()
  if (!basic && bearerToken) proofs.set('', authorization({ bearerToken }))

  async function ask(name: string, path: string, options: OciRequest): Promise<Download> {
    const { accept, limit, method, headers } = options
    const send = (proof: string | undefined): Promise<Download> =>
      downloader.get(`${origin}/v2/${path}`, {
        limit,
        ...(method && { method }),
        headers: { ...headers, ...(accept && { accept }), ...(proof && { authorization: proof }) },
      })
    const answer = await send(proofs.get(name) ?? proofs.get(''))
    if (answer.status !== 401) return answer
    // Also when a token has expired: they last for minutes.
    const proof = await proofFor(name, String(answer.headers['www-authenticate'] ?? ''))
    proofs.set(name, proof)
    return send(proof)
  }

  async function proofFor(name: string, challenge: string): Promise<string> {
    if (/^basic\b/i.test(challenge)) {
      if (basic) return basic
      throw fault(`${host}/${name} wants credentials: register it with a username and a password`)
    }
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    )
    const realm = parameters.get('realm')
    if (!/^bearer /i.test(challenge) || !realm || !URL.canParse(realm)) {
      throw fault(
        `${host}/${name} wants credentials of a kind that is not supported (${challenge.split(' ')[0] || 'none'})`,
      )
    }
    return `Bearer ${await tokenFrom(new URL(realm), name, parameters)}`
  }

  async function tokenFrom(address: URL, name: string, parameters: Map<string, string>): Promise<string> {
    if (basic && address.protocol !== 'https:' && origin.startsWith('https:')) {
      throw fault(`${host} hands out its tokens at ${address.origin}, without TLS: credentials are not sent there`)
    }
    address.searchParams.set('service', parameters.get('service') ?? '')
    const scope = parameters.get('scope') ?? (name ? `repository:${name}:pull` : undefined)
    if (scope) address.searchParams.set('scope', scope)
    const answer = await downloader.get(address.href, {
      limit: answerLimit,
      headers: basic ? { authorization: basic } : {},
    })
    if (answer.status === 401 || answer.status === 403) throw refused(name, answer.status)
    if (answer.status === 429)
      throw fault(`${address.host}, which hands out the tokens of ${host}, is asked too often`, true)
    const { token, access_token: accessToken } = json(answer) as { token?: string; access_token?: string }
    return token ?? accessToken ?? ''
  }

  function refused(name: string, status: number): StageError {
    const what = name ? `${host}/${name}` : host
    return fault(
      basic || bearerToken
        ? `${what} answers ${status}: the credentials that are registered for it are refused, or do not suffice: renew them`
        : `${what} is private or does not exist: check ${checked}, and register the repository with credentials`,
    )
  }

  async function answer(name: string, path: string, options: OciRequest): Promise<Download> {
    const download = await ask(name, `${name}/${path}`, options)
    if (download.status === 401 || download.status === 403) throw refused(name, download.status)
    return download
  }

  return {
    host,
    answer,
    async get(name, path, options) {
      const found = await answer(name, path, options)
      if (found.status === 200) return found
      const retry = found.status >= 500 || found.status === 429
      const message = `${host}/${name} (${path}) answers ${found.status}: check repoURL, chart and targetRevision`
      throw new StageError('source', message, { retry })
    },
    async ping() {
      const { status } = await ask('', '', { limit: answerLimit })
      if (status === 401 || status === 403) throw refused('', status)
      if (status !== 200) throw fault(`${host} answers ${status}: check that it is an OCI registry`, status >= 500)
    },
  }
}

export function json({ status, body }: Download): unknown {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw fault(`the registry does not answer in JSON (status ${status})`, true)
}

function fault(message: string, retry = false): StageError {
  return new StageError('source', message, { retry })
}
