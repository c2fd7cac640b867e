/** Who asks, and what may they do. */
export interface Caller {
  kind: 'account' | 'project-role' | 'sso' | 'anonymous'
  name: string
  issuer: string
  groups: string[]
}
export interface Question {
  resource: string
  action: string
  /** More than one where policies may write the same thing in several ways, as a cluster by server or by name. */
  object: string | string[]
  project?: string
}
export interface Enforcer {
  may(question: Question): { allowed: boolean }
}
export interface Access {
  signIn(username: string, password: string, from: { address: string }): Promise<{ token: string }>
  signOut(token: string): Promise<void>
  /** undefined: nobody, since no token was given and anonymous callers are not let in. */
  callerOf(token: string | undefined): Promise<Caller | undefined>
  enforcerOf(caller: Caller): Enforcer
  accounts(): Map<string, { enabled: boolean; capabilities: string[] }>
}

export interface AccountInfo {
  name: string
  enabled: boolean
  capabilities: string[]
  /** The newest first; times in seconds since 1970. */
  tokens: { id: string; iat: number; exp?: number }[]
}

/** Each asks for the rights of the caller itself. */
export interface AccountService {
  list(caller: Caller): AccountInfo[]
  get(caller: Caller, name: string): AccountInfo
  canI(caller: Caller, asked: { resource: string; action: string; object: string }, controlNamespace: string): boolean
  updatePassword(
    caller: Caller,
    change: { name?: string; currentPassword: string; newPassword: string; address: string },
  ): Promise<void>
  createToken(caller: Caller, request: { name: string; id?: string; lifetime?: number }): Promise<string>
  deleteToken(caller: Caller, token: { name: string; id: string }): Promise<void>
}

export interface ProjectTokenService {
  create(caller: Caller, request: { project: string; role: string; id?: string; lifetime?: number }): Promise<string>
  delete(caller: Caller, token: { project: string; role: string; id?: string; iat?: number }): Promise<void>
}
