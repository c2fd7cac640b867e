/** What a session token says of its owner; whether it is true is for the server to know. Pure. */

export interface SessionClaims {
  name?: string
  /** Of a provider, and not one of ours. */
  isExternal: boolean
  /** Seconds since 1970. */
  expiresAt?: number
}

const ourIssuer = 'argocd'

export function readClaims(token: string | undefined): SessionClaims {
  const { iss, sub, name, email, preferred_username, exp } = payloadOf(token)
  const isExternal = iss !== undefined && iss !== ourIssuer
  const words = isExternal ? [email, preferred_username, name, sub] : [String(sub ?? '').split(':')[0]]
  const found = words.find((word) => typeof word === 'string' && word !== '') as string | undefined
  return { ...(found && { name: found }), isExternal, ...(typeof exp === 'number' && { expiresAt: exp }) }
}

export function nameIn(token: string | undefined): string {
  return readClaims(token).name ?? 'somebody'
}

function payloadOf(token = ''): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')))
  } catch {
    return {}
  }
}
