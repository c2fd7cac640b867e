/** Until src/access is merged. */
import { randomUUID } from 'node:crypto'
import { compare } from 'bcryptjs'
import type { Access, AccountService, Caller, ProjectTokenService } from '../access/index.ts'
import { ApiError } from '../api/api-error.ts'

export function interimAccess(secret: () => Record<string, string> | undefined): Access {
  const tokens = new Map<string, Caller>()
  return {
    async signIn(username, password) {
      if (username !== 'admin' || !(await compare(password, secret()?.['admin.password'] ?? '')))
        throw new ApiError('Unauthenticated', 'Invalid username or password')
      const token = randomUUID()
      tokens.set(token, { kind: 'account', name: 'admin', issuer: 'argocd', groups: [] })
      return { token }
    },
    async signOut(token) {
      tokens.delete(token)
    },
    async callerOf(token) {
      if (token === undefined) return undefined
      const caller = tokens.get(token)
      if (!caller) throw new ApiError('Unauthenticated', 'invalid session')
      return caller
    },
    accounts: () => new Map([[admin.name, admin]]),
    enforcerOf: (caller) => ({ may: () => ({ allowed: caller.name === 'admin' }) }),
  }
}

const missing = async (): Promise<never> => {
  throw new ApiError('Unimplemented', 'accounts and tokens cannot be changed yet')
}

const admin = { name: 'admin', enabled: true, capabilities: ['login'], tokens: [] }

export const interimAccounts: AccountService = {
  list: () => [admin],
  get: () => admin,
  canI: (caller) => caller.name === 'admin',
  updatePassword: missing,
  createToken: missing,
  deleteToken: missing,
}

export const interimProjectTokens: ProjectTokenService = { create: missing, delete: missing }
