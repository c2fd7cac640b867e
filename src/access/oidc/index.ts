/** Signing in through an OpenID Connect provider. */

export { loginLimitMs } from './begun-login.ts'
export { type AskedLogin, askForLogin, completeLogin } from './login.ts'
export { type Oidc, openOidc } from './oidc.ts'
export { openProvider, type Provider } from './provider.ts'
export { openProviderDoor, type ProviderDoor } from './provider-fetch.ts'
export { type PublicOidcSettings, publicOidcSettings } from './public-settings.ts'
export type { GivenSession, SsoSession } from './sessions.ts'
export { ssoWarnings } from './settings-warnings.ts'
export { SsoError, type SsoFault } from './sso-error.ts'
