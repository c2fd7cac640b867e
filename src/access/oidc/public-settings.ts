/** What anybody may know of the provider, as /api/v1/settings tells it: enough for the command line to sign in. Pure. */
import type { OidcConfig } from './oidc-config.ts'

/** `clusterOIDCConfig` of the OpenAPI document. */
export interface PublicOidcSettings {
  name: string
  issuer: string
  clientID: string
  cliClientID?: string
  scopes: string[]
  enablePKCEAuthentication: boolean
  idTokenClaims?: OidcConfig['idTokenClaims']
}

export function publicOidcSettings(config: OidcConfig): PublicOidcSettings {
  const { name, issuer, clientId, cliClientId, scopes, idTokenClaims } = config
  return {
    name,
    issuer,
    clientID: clientId,
    ...(cliClientId && { cliClientID: cliClientId }),
    scopes,
    enablePKCEAuthentication: true,
    ...(Object.keys(idTokenClaims).length > 0 && { idTokenClaims }),
  }
}
