/** Local accounts, as argocd-cm names them and argocd-secret knows their passwords and tokens. */
import { readBoolean, type Settings } from '../settings.ts'

export type Capability = 'login' | 'apiKey'

export interface ApiToken {
  id: string
  /** Seconds since 1970. */
  iat: number
  exp?: number
}

export interface Account {
  name: string
  enabled: boolean
  capabilities: Capability[]
  passwordHash: string | undefined
  /** Milliseconds since 1970. What is issued before it counts no more. */
  passwordChangedAt: number | undefined
  tokens: ApiToken[]
}

export interface Accounts {
  byName: Map<string, Account>
  problems: string[]
}

const admin = 'admin'

/** Where argocd-secret keeps something of an account. */
export function secretKey(name: string, part: 'password' | 'passwordMtime' | 'tokens'): string {
  return name === admin ? `admin.${part}` : `accounts.${name}.${part}`
}

/** What cannot be read closes the account instead of opening it. */
export function readAccounts(settings: Settings, secret: Settings): Accounts {
  const problems: string[] = []
  const byName = new Map<string, Account>()
  const account = (name: string) => {
    const known = byName.get(name) ?? readSecrets(name, secret, problems)
    byName.set(name, known)
    return known
  }
  account(admin).capabilities.push('login')
  account(admin).enabled = readEnabled(settings, 'admin.enabled', problems)
  for (const key of Object.keys(settings)) {
    const [prefix, name, part, ...more] = key.split('.')
    if (prefix !== 'accounts' || !name || more.length > 0) continue
    if (part === undefined) account(name).capabilities.push(...readCapabilities(settings, key, problems))
    else if (part === 'enabled') account(name).enabled = readEnabled(settings, key, problems)
  }
  return { byName, problems }
}

function readEnabled(settings: Settings, key: string, problems: string[]): boolean {
  const enabled = readBoolean(settings[key])
  if (enabled !== undefined || settings[key] === undefined) return enabled ?? true
  problems.push(`${key} of argocd-cm is "${settings[key]}", neither true nor false: the account is disabled`)
  return false
}

function readCapabilities(settings: Settings, key: string, problems: string[]): Capability[] {
  const words = (settings[key] ?? '').split(',').map((word) => word.trim())
  return words.flatMap((word) => {
    if (word === 'login' || word === 'apiKey') return [word]
    if (word !== '') problems.push(`${key} of argocd-cm names "${word}": an account can have login and apiKey`)
    return []
  })
}

function readSecrets(name: string, secret: Settings, problems: string[]): Account {
  const changed = secret[secretKey(name, 'passwordMtime')]
  const passwordChangedAt = changed ? Date.parse(changed) : undefined
  if (Number.isNaN(passwordChangedAt)) {
    problems.push(`${secretKey(name, 'passwordMtime')} of argocd-secret is no time: no token of ${name} is taken`)
  }
  return {
    name,
    enabled: true,
    capabilities: [],
    passwordHash: secret[secretKey(name, 'password')] || undefined,
    passwordChangedAt: Number.isNaN(passwordChangedAt) ? Number.POSITIVE_INFINITY : passwordChangedAt,
    tokens: readTokens(name, secret, problems),
  }
}

export function readTokens(name: string, secret: Settings, problems: string[] = []): ApiToken[] {
  const key = secretKey(name, 'tokens')
  const text = secret[key]
  if (!text) return []
  try {
    const tokens: unknown = JSON.parse(text)
    return ((tokens ?? []) as ApiToken[]).filter((token) => typeof token?.id === 'string' && token.id !== '')
  } catch {
    problems.push(`${key} of argocd-secret is no list: ${name} has no tokens until it is mended`)
    return []
  }
}
