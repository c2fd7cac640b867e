/** What a provider says about itself, asked when it is first needed and again from time to time. */
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  None,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client'
import { messageOf } from '../../model/index.ts'
import { isConfidential, isLoopback, parseUrl } from './own-urls.ts'
import type { ProviderFetch } from './provider-fetch.ts'
import { SsoError, ssoErrorWithin } from './sso-error.ts'

export interface ProviderOptions {
  issuer: string
  clientId: string
  clientSecret?: string | undefined
  /** In the place of the address that the provider names. */
  userInfoUrl?: string | undefined
  fetch: ProviderFetch
  now(): number
}

export interface Provider {
  /** Throws an SsoError `unavailable`. */
  metadata(): Promise<ServerMetadata>
  /** Undefined as long as the provider has not been asked. */
  known(): ServerMetadata | undefined
  /** Calls with the way of proving who we are that the provider takes. */
  asClient<Answer>(call: (configuration: Configuration) => Promise<Answer>): Promise<Answer>
}

const freshMs = 3_600_000
/** Requests that come in while a provider is down do not all wait for it. */
const pauseMs = 5_000

export function openProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, now } = options
  let known: { metadata: ServerMetadata; at: number } | undefined
  let failed: { error: SsoError; at: number } | undefined
  let asking: Promise<ServerMetadata> | undefined
  let preferred = 0

  function metadata(): Promise<ServerMetadata> {
    if (known && now() - known.at < freshMs) return Promise.resolve(known.metadata)
    if (failed && now() - failed.at < pauseMs)
      return known ? Promise.resolve(known.metadata) : Promise.reject(failed.error)
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function ask(): Promise<ServerMetadata> {
    try {
      const found = await discover(options)
      known = { metadata: found, at: now() }
      return found
    } catch (error) {
      failed = { error: asUnavailable(error, issuer), at: now() }
      // What was known is likelier to be right than nothing.
      if (known) return known.metadata
      throw failed.error
    }
  }

  return {
    metadata,
    known: () => known?.metadata,
    async asClient(call) {
      const server = await metadata()
      const ways = clientAuths(server, options.clientSecret)
      const attempt = (way: number) =>
        call(configure(new Configuration(server, clientId, {}, ways[way % ways.length]), options))
      const first = preferred
      try {
        return await attempt(first)
      } catch (error) {
        // Providers name all the ways that they know, and let each client use one.
        if (ways.length < 2 || !isClientRefused(error)) throw error
        const answer = await attempt(first + 1)
        preferred = first + 1
        return answer
      }
    },
  }
}

async function discover(options: ProviderOptions): Promise<ServerMetadata> {
  const { issuer, clientId, userInfoUrl, fetch } = options
  const found = await discovery(new URL(issuer), clientId, {}, None(), {
    [customFetch]: fetch,
    execute: [allowInsecureRequests],
  })
  const { supportsPKCE: _, ...told } = found.serverMetadata()
  const metadata: ServerMetadata = { ...told, ...(userInfoUrl && { userinfo_endpoint: userInfoUrl }) }
  if (metadata.issuer !== issuer && metadata.issuer !== `${issuer}/`)
    throw new SsoError(
      'unavailable',
      `${issuer} says that it is ${metadata.issuer}: issuer of oidc.config has to be that`,
    )
  checkEndpoints(metadata, isLoopback(new URL(issuer)))
  return metadata
}

const required = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const optional = ['userinfo_endpoint', 'end_session_endpoint', 'revocation_endpoint'] as const

/** Browsers are sent to some of them, and secrets to others. */
function checkEndpoints(metadata: ServerMetadata, onLoopback: boolean): void {
  for (const name of [...required, ...optional]) {
    const text = metadata[name]
    const isMissing = text === undefined && required.some((one) => one === name)
    const url = text === undefined ? undefined : parseUrl(text)
    const isSafe = url && isConfidential(url) && (onLoopback || !isLoopback(url))
    if (isMissing || (text !== undefined && !isSafe))
      throw new SsoError('unavailable', `the provider ${metadata.issuer} names no usable ${name}`)
  }
}

function configure(configuration: Configuration, { fetch }: ProviderOptions): Configuration {
  configuration[customFetch] = fetch
  // Ours refuses what is not encrypted, except on loopback.
  allowInsecureRequests(configuration)
  return configuration
}

function clientAuths(server: ServerMetadata, secret: string | undefined): [ClientAuth, ...ClientAuth[]] {
  if (secret === undefined) return [None()]
  const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const basic = taken.includes('client_secret_basic') ? [ClientSecretBasic(secret)] : []
  const post = taken.includes('client_secret_post') ? [ClientSecretPost(secret)] : []
  const [first = ClientSecretBasic(secret), ...others] = [...basic, ...post]
  return [first, ...others]
}

function isClientRefused(error: unknown): boolean {
  return error instanceof ResponseBodyError && (error.error === 'invalid_client' || error.status === 401)
}

function asUnavailable(error: unknown, issuer: string): SsoError {
  const message = `the provider ${issuer} does not describe itself as OpenID Connect says: ${messageOf(error)}`
  return ssoErrorWithin(error) ?? new SsoError('unavailable', message, { cause: error })
}
