/** What a login page has to know of the identity providers, and nothing else of them. Pure. */
import { load } from 'js-yaml'
import { type Oidc, publicOidcSettings } from '../../access/oidc/index.ts'

type Settings = Record<string, string>

/** `oidc`: as it is in force; none where it cannot be used. */
export function signInSettings(settings: Settings, oidc: ReturnType<Oidc['config']>) {
  const connectors = connectorsOf(settings['dex.config'])
  const chosen = settings['oidc.config'] ? undefined : settings['dex.auth.connectorId']
  return {
    ...(connectors && {
      dexConfig: { connectors, ...(connectors.some(({ id }) => id === chosen) && { dexAuthConnectorID: chosen }) },
    }),
    ...(oidc && { oidcConfig: publicOidcSettings(oidc) }),
  }
}

interface Connector {
  name?: string
  type?: string
  id?: string
}

/** Of Dex, which is not ours: pages show what an installation had, and docs/sso.md says how it is carried over. */
function connectorsOf(text: string | undefined): Connector[] | undefined {
  const config = read(text)
  if (typeof config !== 'object' || config === null) return undefined
  const { connectors } = config as { connectors?: unknown }
  return Array.isArray(connectors) ? connectors.map(shown) : []
}

function shown(connector: unknown): Connector {
  const { name, type, id } = Object(connector) as Record<string, unknown>
  return Object.fromEntries(Object.entries({ name, type, id }).filter(([, value]) => typeof value === 'string'))
}

function read(text: string | undefined): unknown {
  try {
    return load(text ?? '')
  } catch {
    return undefined
  }
}
