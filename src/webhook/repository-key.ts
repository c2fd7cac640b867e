/** One name for all spellings of a repository's address. No address is ever made into a regular expression. */

/** Longer ones are no addresses. */
const mostCharacters = 2048

/**
 * `host/path` in lower case, without scheme, user, port and `.git`; `git@host:path` is the same as `https://host/path`.
 * That hosts which tell case apart are taken for others costs a look too many, never one too few.
 */
export function repositoryKey(address: string): string | undefined {
  const text = address.trim()
  if (text === '' || text.length > mostCharacters) return undefined
  if (text.startsWith('/')) return withoutSuffix(text)
  const { authority, path } = split(text)
  const host = hostOf(authority)
  const segments = path.split('/').filter((segment) => segment !== '')
  if (authority === '' && text.toLowerCase().startsWith('file://')) return withoutSuffix(`/${segments.join('/')}`)
  if (host === '') return undefined
  return withoutSuffix(oneHost(host, segments.map(decoded)).join('/').toLowerCase())
}

function split(text: string): { authority: string; path: string } {
  const scheme = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length).split(/[?#]/, 1)[0] ?? ''
  const slash = indexOrEnd(rest, '/')
  const colon = indexOrEnd(rest, ':')
  const isScp = scheme === '' && colon < slash && !isPort(rest.slice(colon + 1, slash), rest.slice(0, colon))
  const end = isScp ? colon : slash
  return { authority: rest.slice(0, end), path: rest.slice(end + 1) }
}

/** `registry.example.com:5000/charts` without a scheme; `git@host:5000/x` is a path. */
function isPort(text: string, before: string): boolean {
  return /^\d{1,5}$/.test(text) && !before.includes('@')
}

function indexOrEnd(text: string, character: string): number {
  const index = text.indexOf(character)
  return index < 0 ? text.length : index
}

function hostOf(authority: string): string {
  const withPort = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const host = withPort.startsWith('[') ? withPort.slice(1, indexOrEnd(withPort, ']')) : withPort.split(':', 1)[0]
  return (host ?? '').replace(/\.$/, '')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function withoutSuffix(path: string): string {
  const end = path.endsWith('/') ? path.slice(0, -1) : path
  return end.endsWith('.git') ? end.slice(0, -4) : end
}

const dockerHubNames = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])

/** Hosts that are reached by several names, each with paths of its own. */
function oneHost(host: string, path: string[]): string[] {
  if (dockerHubNames.has(host)) return ['docker.io', ...(path.length === 1 ? ['library', ...path] : path)]
  if (host === 'ssh.dev.azure.com' || host === 'vs-ssh.visualstudio.com') return ['dev.azure.com', ...path.slice(1)]
  if (host === 'dev.azure.com') return ['dev.azure.com', ...azurePath(path)]
  if (host.endsWith('.visualstudio.com')) {
    const organisation = host.slice(0, -'.visualstudio.com'.length)
    const rest = path[0]?.toLowerCase() === 'defaultcollection' ? path.slice(1) : path
    return ['dev.azure.com', ...azurePath([organisation, ...rest])]
  }
  // Where SSH is offered on the port of HTTPS, as ssh.github.com and altssh.gitlab.com do.
  return [host.replace(/^(alt)?ssh\.(?=.*\.)/, ''), ...path]
}

/** `organisation/project/_git/repository`, where a project's main repository goes without naming the project. */
function azurePath(path: string[]): string[] {
  const [organisation = '', ...rest] = path
  const project = rest[0] === '_git' ? rest[1] : rest[0]
  const repository = rest[0] === '_git' ? rest[1] : rest[2]
  return rest.includes('_git') ? [organisation, project ?? '', repository ?? ''] : path
}
