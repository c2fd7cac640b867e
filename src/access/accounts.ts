/** Local accounts, as their owners and administrators see and change them. */
import { randomUUID } from 'node:crypto'
import type { Access } from './access.ts'
import { AccessError } from './access-error.ts'
import { type Account, type ApiToken, readTokens, secretKey } from './account/account.ts'
import { checkNewPassword, hashPassword } from './account/password.ts'
import type { Caller } from './caller.ts'
import { type PlainQuestion, readQuestion } from './rbac/question.ts'
import { passwordPattern } from './settings.ts'

/** What is told of an account. */
export interface AccountInfo {
  name: string
  enabled: boolean
  capabilities: string[]
  /** The newest first. */
  tokens: ApiToken[]
}

export interface PasswordChange {
  /** The caller's own account when left out. */
  name?: string | undefined
  currentPassword: string
  newPassword: string
  address: string
}

export interface TokenRequest {
  name: string
  /** By chance when left out. */
  id?: string | undefined
  /** In seconds; 0: it does not end. */
  lifetime?: number
}

/** Somebody of an identity provider has no password here; signing in has to be this recent. */
const recentSeconds = 300
const longestId = 128

export class AccountService {
  private readonly access: Access

  constructor(access: Access) {
    this.access = access
  }

  /** Those that the caller may see, by name. */
  list(caller: Caller): AccountInfo[] {
    const seen = [...this.access.accounts().values()].filter(({ name }) => this.may(caller, 'get', name))
    return seen.map(infoOf).sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  get(caller: Caller, name: string): AccountInfo {
    this.demand(caller, 'get', name)
    return infoOf(this.existing(name))
  }

  canI(caller: Caller, question: PlainQuestion, controlNamespace: string): boolean {
    return this.access.enforcerOf(caller).may(readQuestion(question, controlNamespace)).allowed
  }

  async updatePassword(caller: Caller, change: PasswordChange): Promise<void> {
    const { currentPassword, newPassword, address } = change
    const name = change.name || caller.name
    if (caller.kind === 'anonymous' || caller.kind === 'project-role') {
      throw new AccessError('invalid', `password can only be changed for local users, not user "${caller.name}"`)
    }
    this.demand(caller, 'update', name)
    await this.confirm(caller, currentPassword, address)
    checkNewPassword(newPassword, passwordPattern(this.access.options.views.settings()))
    this.existing(name)
    const hash = await hashPassword(newPassword)
    const changedAt = new Date(this.access.seconds() * 1000).toISOString().replace('.000', '')
    await this.access.options.updateSecret(() => ({
      [secretKey(name, 'password')]: hash,
      [secretKey(name, 'passwordMtime')]: changedAt,
    }))
  }

  async createToken(caller: Caller, { name, id = randomUUID(), lifetime = 0 }: TokenRequest): Promise<string> {
    this.demand(caller, 'update', name)
    checkTokenRequest(id, lifetime)
    if (!this.existing(name).capabilities.includes('apiKey')) {
      throw new AccessError('invalid', `account '${name}' does not have apiKey capability`)
    }
    const issuedAt = this.access.seconds()
    const token = await this.access.issue(`${name}:apiKey`, { id, issuedAt, lifetime })
    await this.changeTokens(name, (tokens) => {
      if (tokens.some((known) => known.id === id))
        throw new AccessError('invalid', `account already has token with id '${id}'`)
      return [...tokens, { id, iat: issuedAt, ...(lifetime > 0 && { exp: issuedAt + lifetime }) }]
    })
    return token
  }

  async deleteToken(caller: Caller, { name, id }: { name: string; id: string }): Promise<void> {
    this.demand(caller, 'update', name)
    this.existing(name)
    await this.changeTokens(name, (tokens) => {
      const left = tokens.filter((token) => token.id !== id)
      if (left.length === tokens.length) throw new AccessError('not-found', `token with id '${id}' does not exist`)
      return left
    })
  }

  private changeTokens(name: string, change: (tokens: ApiToken[]) => ApiToken[]): Promise<void> {
    return this.access.options.updateSecret((data) => {
      const tokens = change(readTokens(name, data))
      return { [secretKey(name, 'tokens')]: tokens.length > 0 ? JSON.stringify(tokens) : null }
    })
  }

  /** Whoever changes a password shows that it is not just an open browser that asks. */
  private async confirm(caller: Caller, currentPassword: string, address: string): Promise<void> {
    if (caller.kind === 'account') {
      await this.access.signIn(caller.name, currentPassword, { address }).catch((error: AccessError) => {
        if (error.kind !== 'unauthenticated') throw error
        throw new AccessError('invalid', 'current password does not match', error.reason)
      })
    } else if (caller.issuedAt === undefined || this.access.seconds() - caller.issuedAt > recentSeconds) {
      throw new AccessError('invalid', 'SSO token is too old: sign in again, then change the password')
    }
  }

  private existing(name: string): Account {
    const account = this.access.accounts().get(name)
    if (!account) throw new AccessError('not-found', `account '${name}' does not exist`)
    return account
  }

  /** An account has access to itself. */
  private may(caller: Caller, action: string, name: string): boolean {
    if (caller.kind === 'account' && caller.name === name) return true
    return this.access.enforcerOf(caller).may({ resource: 'accounts', action, object: name }).allowed
  }

  private demand(caller: Caller, action: string, name: string): void {
    if (!this.may(caller, action, name)) {
      throw new AccessError('forbidden', 'permission denied', `accounts, ${action}, ${name}, sub: ${caller.name}`)
    }
  }
}

export function checkTokenRequest(id: string, lifetime: number): void {
  if (id === '' || id.length > longestId)
    throw new AccessError('invalid', `the id of a token has 1 to ${longestId} characters`)
  if (!Number.isInteger(lifetime) || lifetime < 0)
    throw new AccessError('invalid', 'a token lives for a whole number of seconds; 0 is without end')
}

function infoOf({ name, enabled, capabilities, tokens }: Account): AccountInfo {
  const newestFirst = [...tokens].sort((one, other) => other.iat - one.iat)
  return {
    name,
    enabled,
    capabilities: [...new Set(capabilities)],
    tokens: newestFirst.map(({ id, iat, exp }) => ({ id, iat, ...(exp && { exp }) })),
  }
}
