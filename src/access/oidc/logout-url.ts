/** Where a browser goes to end its session at the provider, too. Pure. */

export interface LogoutAddresses {
  /** `logoutURL` of oidc.config. */
  template: string | undefined
  /** As the provider names it. */
  endSession: string | undefined
  clientId: string
}

/** Some servers refuse longer addresses. */
const longestHint = 4_000

/** Undefined: the provider is not told. */
export function logoutUrl(
  { template, endSession, clientId }: LogoutAddresses,
  given: { idToken: string; home: string },
): string | undefined {
  if (template) {
    const filled = template
      .replaceAll('{{token}}', encodeURIComponent(given.idToken))
      .replaceAll('{{logoutRedirectURL}}', encodeURIComponent(given.home))
    return new URL(filled).href
  }
  if (!endSession) return undefined
  // No address to come back to: a provider that has not been told of it shows an error instead of signing out.
  const url = new URL(endSession)
  url.searchParams.set('client_id', clientId)
  if (given.idToken.length <= longestHint) url.searchParams.set('id_token_hint', given.idToken)
  return url.href
}
