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
}
