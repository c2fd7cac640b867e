/** What an administrator should know about the settings of SSO: for the log, and for checking settings. Pure. */
import { readOidcConfig, type Settings, type WrittenConfig } from './oidc-config.ts'
import type { ReadSecret } from './secret-reference.ts'

const aboutDex =
  'dex.config is set, but Tiphys runs no Dex: nobody can sign in with it. Run Dex by itself with this configuration, and ' +
  'point oidc.config at it (docs/sso.md shows how)'

export function ssoWarnings(settings: Settings, readSecret: ReadSecret): string[] {
  const { problems, written } = readOidcConfig(settings, readSecret)
  const hasDex = Boolean(settings['dex.config']?.trim())
  const hasOidc = Boolean(settings['oidc.config']?.trim())
  return [
    ...(hasDex && !hasOidc ? [aboutDex] : []),
    ...problems.map((problem) => `nobody can sign in through the provider: ${problem}`),
    ...(written ? remarks.flatMap(({ applies, text }) => (applies(written, settings) ? [text] : [])) : []),
  ]
}

const remarks: { applies(written: WrittenConfig, settings: Settings): boolean; text: string }[] = [
  {
    applies: (_, settings) => settings['oidc.tls.insecure.skip.verify'] === 'true',
    text:
      'oidc.tls.insecure.skip.verify is true: anybody between Tiphys and the provider can sign in as anyone. Put the ' +
      "provider's CA into rootCA of oidc.config instead",
  },
  {
    applies: ({ requestedScopes = [] }) => requestedScopes.length > 0 && !requestedScopes.includes('openid'),
    text: 'oidc.config: requestedScopes lacks openid, which is requested anyway: without it there is no ID token',
  },
  {
    applies: ({ skipAudienceCheckWhenTokenHasNoAudience }) => skipAudienceCheckWhenTokenHasNoAudience === true,
    text:
      'oidc.config: skipAudienceCheckWhenTokenHasNoAudience is not supported: a token without an audience is refused, ' +
      'since it may have been issued for anything',
  },
  {
    applies: ({ azure }) => azure?.enableUserGroupOverageClaim === true,
    text:
      'oidc.config: azure.enableUserGroupOverageClaim is not supported: who is in more groups than fit into a token has ' +
      'none of them. Let the provider send only the groups that are assigned to this application',
  },
]
