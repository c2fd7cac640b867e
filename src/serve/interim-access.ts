/** Until src/access is merged. */
import { randomUUID } from 'node:crypto'
import { compare } from 'bcryptjs'
import type { Access, Caller } from '../access/index.ts'
import type { AccountAccess } from '../api/accounts/account-access.ts'
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
    enforcerOf: (caller) => ({ may: () => ({ allowed: caller.name === 'admin' }) }),
  }
}

const missing = async (): Promise<never> => {
  throw new ApiError('Unimplemented', 'accounts and tokens cannot be changed yet')
}

export const interimAccounts: AccountAccess = {
  accounts: () => [{ name: 'admin', enabled: true, capabilities: ['login'], tokens: [] }],
  createToken: missing,
  deleteToken: missing,
  changePassword: missing,
  createRoleToken: missing,
  deleteRoleToken: missing,
}
