/** What a login page has to know of the identity providers, and nothing else of them. Pure. */
import { load } from 'js-yaml'

type Settings = Record<string, string>
type Config = Record<string, unknown>

export function signInSettings(settings: Settings) {
  const dex = read(settings['dex.config'])
  const oidc = read(settings['oidc.config'])
  const connector = settings['oidc.config'] ? undefined : settings['dex.auth.connectorId']
  return { ...(dex && { dexConfig: dexConfig(dex, connector) }), ...(oidc && { oidcConfig: oidcConfig(oidc) }) }
}

function dexConfig({ connectors }: Config, chosen: string | undefined) {
  const all = Array.isArray(connectors) ? connectors.map((one) => texts(Object(one), ['name', 'type', 'id'])) : []
  return { connectors: all, ...(chosen && all.some(({ id }) => id === chosen) && { dexAuthConnectorID: chosen }) }
}

function oidcConfig(config: Config) {
  const { requestedScopes, requestedIDTokenClaims } = config
  return {
    ...texts(config, ['name', 'issuer', 'clientID', 'cliClientID']),
    ...(Array.isArray(requestedScopes) && { scopes: requestedScopes.filter((scope) => typeof scope === 'string') }),
    ...(isConfig(requestedIDTokenClaims) && { idTokenClaims: claimsOf(requestedIDTokenClaims) }),
    ...(config.enablePKCEAuthentication === true && { enablePKCEAuthentication: true }),
  }
}

function claimsOf(claims: Config): Record<string, Config> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, given]) => {
      const { essential, value, values } = Object(given) as Config
      return [
        name,
        {
          ...(essential === true && { essential }),
          ...(value !== undefined && { value }),
          ...(values !== undefined && { values }),
        },
      ]
    }),
  )
}

/** References to Secrets are none of a reader's business. */
function texts<Name extends string>(from: Config, names: Name[]): { [Key in Name]?: string } {
  const given = names.flatMap((name) => {
    const value = from[name]
    return typeof value === 'string' && value !== '' && !value.startsWith('$') ? [[name, value]] : []
  })
  return Object.fromEntries(given)
}

function read(text: string | undefined): Config | undefined {
  try {
    const config = load(text ?? '')
    return isConfig(config) ? config : undefined
  } catch {
    return undefined
  }
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
