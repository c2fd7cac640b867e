/** The logins of a user, in the shape of Argo CD's `~/.config/argocd/config`; and what changes them. Pure. */

export interface ContextEntry {
  name: string
  server: string
  user: string
}

export interface ServerEntry {
  server: string
  insecure?: boolean
  'plain-text'?: boolean
  core?: boolean
  'grpc-web-root-path'?: string
  /** Base64 of PEM. */
  'certificate-authority-data'?: string
  'client-certificate-data'?: string
  'client-certificate-key-data'?: string
}

export interface UserEntry {
  name: string
  'auth-token'?: string
  'refresh-token'?: string
}

export interface Logins {
  'current-context': string
  contexts: ContextEntry[]
  servers: ServerEntry[]
  users: UserEntry[]
}

export interface Login {
  name: string
  server: ServerEntry
  user: UserEntry
}

export const noLogins: Logins = { 'current-context': '', contexts: [], servers: [], users: [] }

export function loginNamed(logins: Logins, name: string): Login | undefined {
  const context = logins.contexts.find((one) => one.name === name)
  const server = logins.servers.find((one) => one.server === context?.server)
  if (!context || !server) return undefined
  return { name, server, user: logins.users.find((one) => one.name === context.user) ?? { name: context.user } }
}

/** The login that belongs to an address: its token must not go to any other. */
export function loginAt(logins: Logins, address: string): Login | undefined {
  const current = loginNamed(logins, logins['current-context'])
  if (current?.server.server === address) return current
  const context = logins.contexts.find(({ server }) => server === address)
  return context && loginNamed(logins, context.name)
}

/** Put in, and used from now on. */
export function withLogin(logins: Logins, { name, server, user }: Login): Logins {
  return {
    ...logins,
    'current-context': name,
    contexts: replaced(logins.contexts, 'name', { name, server: server.server, user: user.name }),
    servers: replaced(logins.servers, 'server', server),
    users: replaced(logins.users, 'name', user),
  }
}

function replaced<Entry, Key extends keyof Entry>(entries: Entry[], key: Key, entry: Entry): Entry[] {
  const at = entries.findIndex((one) => one[key] === entry[key])
  return at < 0 ? [...entries, entry] : entries.with(at, entry)
}

export function withoutToken(logins: Logins, user: string): Logins {
  return { ...logins, users: logins.users.map((one) => (one.name === user ? { name: user } : one)) }
}

/** Servers and users that no other context names go with it. */
export function withoutContext(logins: Logins, name: string): Logins {
  const contexts = logins.contexts.filter((one) => one.name !== name)
  return {
    ...logins,
    'current-context': logins['current-context'] === name ? '' : logins['current-context'],
    contexts,
    servers: logins.servers.filter(({ server }) => contexts.some((one) => one.server === server)),
    users: logins.users.filter((user) => contexts.some((one) => one.user === user.name)),
  }
}
