/** Signing in: to the provider and back, with the authorization code flow and PKCE. */
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type TokenEndpointResponse,
} from 'openid-client'
import { messageOf } from '../../model/index.ts'
import type { OidcConfig } from './oidc-config.ts'
import type { Provider } from './provider.ts'
import { SsoError, ssoErrorWithin } from './sso-error.ts'

/** What is asked of the provider. */
export interface LoginRequest {
  redirectUri: string
  scopes: string[]
  idTokenClaims: OidcConfig['idTokenClaims']
  domainHint?: string | undefined
}

export interface AskedLogin {
  /** Where the browser has to go. */
  url: string
  state: string
  nonce: string
  verifier: string
}

export async function askForLogin(provider: Provider, request: LoginRequest): Promise<AskedLogin> {
  const { redirectUri, scopes, idTokenClaims, domainHint } = request
  const asked = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
  const parameters = {
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: await calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: 'S256',
    ...(Object.keys(idTokenClaims).length > 0 && { claims: JSON.stringify({ id_token: idTokenClaims }) }),
    ...(domainHint && { domain_hint: domainHint }),
  }
  const url = await provider.asClient(async (configuration) => buildAuthorizationUrl(configuration, parameters))
  return { url: url.href, ...asked }
}

export interface Answered extends Omit<AskedLogin, 'url'> {
  redirectUri: string
  /** What the provider has sent the browser back with. */
  query: URLSearchParams
}

/** Exchanges the code for tokens. Their claims are checked here, their signatures are not. */
export async function completeLogin(provider: Provider, answered: Answered): Promise<TokenEndpointResponse> {
  const { redirectUri, query, state, nonce, verifier } = answered
  const at = new URL(redirectUri)
  at.search = query.toString()
  try {
    return await provider.asClient((configuration) =>
      authorizationCodeGrant(configuration, at, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }),
    )
  } catch (error) {
    throw refusal(error)
  }
}

/** As the provider tells it, for the log. */
export function refusal(error: unknown): SsoError {
  const known = ssoErrorWithin(error)
  if (known) return known
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const fault = error.error === 'access_denied' ? 'denied' : 'refused by provider'
    const told = JSON.stringify(`${error.error}: ${error.error_description ?? ''}`.slice(0, 300))
    return new SsoError(fault, `the provider says ${told}`, { cause: error })
  }
  return new SsoError('refused by provider', `the provider's answer is not usable: ${messageOf(error)}`, {
    cause: error,
  })
}
