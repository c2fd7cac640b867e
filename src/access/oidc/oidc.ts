/** Signing in through an OpenID Connect provider, as argocd-cm says at the moment. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../model/index.ts'
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts'
import { type OidcConfig, readOidcConfig, type Settings } from './oidc-config.ts'
import type { ReadSecret } from './secret-reference.ts'
import { SsoError } from './sso-error.ts'
import type { Claims } from './verify-id-token.ts'

export interface Oidc {
  /** Undefined: nobody can sign in through a provider. */
  config(): OidcConfig | undefined
  /** Throws an SsoError `not configured`. */
  connection(): Connection
  /** Claims of a token that the provider has issued; throws an SsoError. Names of users and groups are for others to find. */
  verify(token: string): Promise<Claims>
  close(): Promise<void>
}

export interface OidcOptions extends Pick<ConnectionOptions, 'openDoor'> {
  /** All values of argocd-cm. */
  settings(): Settings
  readSecret: ReadSecret
  now(): number
}

/** What the configuration depends on. */
const keys = [
  'url',
  'additionalUrls',
  'oidc.config',
  'oidc.tls.insecure.skip.verify',
  'users.session.duration',
] as const

interface Reading {
  texts: (string | undefined)[]
  secrets: Map<string, KubeObject | undefined>
  config: OidcConfig | undefined
  problems: string[]
}

/** Nothing is asked of the provider until somebody wants to sign in: one that is down is in nobody else's way. */
export function openOidc({ settings, readSecret, now, openDoor }: OidcOptions): Oidc {
  let reading: Reading | undefined
  let connected: Connection | undefined

  function config(): OidcConfig | undefined {
    const texts = keys.map((key) => settings()[key])
    const isSame = reading && deepEqual(reading.texts, texts) && sameSecrets(reading.secrets, readSecret)
    if (!isSame) reading = read(texts)
    return reading?.config
  }

  function read(texts: (string | undefined)[]): Reading {
    const secrets: Reading['secrets'] = new Map()
    const remembered: ReadSecret = (name) => {
      const secret = readSecret(name)
      secrets.set(name, secret)
      return secret
    }
    const { config: found, problems } = readOidcConfig(settings(), remembered)
    return { texts, secrets, config: found, problems }
  }

  function connection(): Connection {
    const wanted = config()
    if (!wanted) {
      const [why = 'argocd-cm has no oidc.config'] = reading?.problems ?? []
      throw new SsoError('not configured', why)
    }
    if (connected && deepEqual(connected.config, wanted)) return connected
    void connected?.close()
    connected = openConnection({ config: wanted, now, ...(openDoor && { openDoor }) })
    return connected
  }

  return {
    config,
    connection,
    verify: async (token) => connection().verify(token),
    close: async () => connected?.close(),
  }
}

function sameSecrets(known: Reading['secrets'], readSecret: ReadSecret): boolean {
  return [...known].every(([name, before]) => {
    const secret = readSecret(name)
    const version = secret?.metadata.resourceVersion
    return secret === before || (version !== undefined && version === before?.metadata.resourceVersion)
  })
}
