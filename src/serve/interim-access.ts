/** Until src/access is merged. */
import { randomUUID } from 'node:crypto'
import { compare } from 'bcryptjs'
import type { Access, Caller } from '../access/index.ts'
import { type Oidc, SsoError } from '../access/oidc/index.ts'
import { ApiError } from '../api/api-error.ts'

export function interimAccess(secret: () => Record<string, string> | undefined, oidc: Pick<Oidc, 'verify'>): Access {
  const tokens = new Map<string, Caller>()

  async function external(token: string): Promise<Caller> {
    try {
      const { sub, iss, email, groups } = await oidc.verify(token)
      const name = typeof email === 'string' ? email : sub
      return { kind: 'sso', name, issuer: iss, groups: Array.isArray(groups) ? groups.map(String) : [] }
    } catch (cause) {
      if (!(cause instanceof SsoError)) throw cause
      throw new ApiError('Unauthenticated', 'invalid session', { cause })
    }
  }

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
      return tokens.get(token) ?? external(token)
    },
    enforcerOf: (caller) => ({ may: () => ({ allowed: caller.name === 'admin' }) }),
  }
}
