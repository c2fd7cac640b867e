/** How a repository is reached: what one proves oneself with, whom one trusts, and what stands in between. */

export interface RepositoryConnection {
  type?: 'git' | 'helm' | 'oci'
  username?: string
  password?: string
  bearerToken?: string
  /** PEM. */
  sshPrivateKey?: string
  /** PEM of both. */
  clientCertificate?: { certificate: string; key: string }
  githubApp?: GithubApp
  /** The server's certificate is not checked. */
  insecure?: boolean
  insecureIgnoreHostKey?: boolean
  /** Of the repository's host, PEM; in the place of those that the system trusts. */
  authorities?: string
  /** In the format of ssh; nothing else is trusted. Absent, the user's own keys and known hosts count. */
  knownHosts?: string
  proxy?: string
  /** What is reached without it, separated by commas. */
  noProxy?: string
  /** The charts are in an OCI registry. */
  enableOCI?: boolean
  /** A registry is spoken to without TLS. */
  insecureOCIForceHttp?: boolean
  /** What is configured and cannot be used, in words. */
  unsupported?: string
}

export interface GithubApp {
  id: string
  /** Found out when absent. */
  installationId?: string
  /** PEM. */
  privateKey: string
  /** Of the API, for a GitHub of one's own. */
  baseUrl?: string
}

/** A connection, and who shares what was read through it. */
export interface FoundConnection {
  connection: RepositoryConnection
  /** Copies made with the credentials of one scope are never read in another. */
  scope: string
  /** Why credentials that are registered are not used: it is told where nothing can be read without them. */
  withheld?: string
}

/** What must not be told of a connection, the longest first. */
export function secretsOf(connection: RepositoryConnection): string[] {
  const { username = '', password, bearerToken, sshPrivateKey, clientCertificate, githubApp, proxy } = connection
  const basic = password && Buffer.from(`${username}:${password}`).toString('base64')
  const inProxy = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)@/i.exec(proxy ?? '')?.[1]
  const keys = [sshPrivateKey, clientCertificate?.key, githubApp?.privateKey].map((key) => key?.trim())
  const texts = [password, bearerToken, basic, inProxy, inProxy?.split(':')[1], ...keys]
  const found = texts.filter((text): text is string => text !== undefined && text.length >= shortest)
  const encoded = found.map((text) => encodeURIComponent(text))
  return [...new Set([...found, ...encoded])].sort((a, b) => b.length - a.length)
}

/** Shorter ones cannot be told from the words around them. */
const shortest = 4

export function withoutProof(connection: RepositoryConnection): RepositoryConnection {
  const { username, password, bearerToken, sshPrivateKey, clientCertificate, githubApp, unsupported, ...rest } =
    connection
  return rest
}

export function hasProof({
  password,
  bearerToken,
  sshPrivateKey,
  clientCertificate,
  githubApp,
}: RepositoryConnection): boolean {
  return [password, bearerToken, sshPrivateKey, clientCertificate, githubApp].some(Boolean)
}
