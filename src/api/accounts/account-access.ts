/** What the API needs of access besides who asks: accounts, their passwords, and tokens. Whether the caller may is asked before. */

export interface AccountToken {
  id: string
  /** Seconds since the epoch. */
  iat: number
  /** Absent: it counts for ever. */
  exp?: number
}

export interface Account {
  name: string
  enabled: boolean
  /** `login`, `apiKey`. */
  capabilities: string[]
  tokens: AccountToken[]
}

export interface TokenOptions {
  /** A random one unless given. */
  id?: string
  /** 0: the token counts for ever. */
  expiresInSeconds: number
}

export interface CreatedToken {
  id: string
  token: string
}

export interface PasswordChange {
  account: string
  newPassword: string
  /** Whoever makes the change proves once more who that is; it counts as an attempt to sign in. */
  proof: { account: string; password: string; address: string }
}

export interface AccountAccess {
  accounts(): Account[]
  createToken(account: string, options: TokenOptions): Promise<CreatedToken>
  deleteToken(account: string, id: string): Promise<void>
  changePassword(change: PasswordChange): Promise<void>
  createRoleToken(of: { project: string; role: string }, options: TokenOptions): Promise<CreatedToken>
  /** By its id; by the time of its issue where there is none. One that is not there is no error. */
  deleteRoleToken(of: { project: string; role: string }, token: { id?: string; iat: number }): Promise<void>
}
