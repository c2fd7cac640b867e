/** For which addresses credentials are: those of one host, whose path begins like theirs. Pure. */

interface Address {
  /** Empty for what is on the disk. */
  host: string
  /** Scheme, user, host and port: one text is one place that is spoken to, in one way. */
  place: string
  path: string
}

/**
 * How much of the address the credentials name; undefined: they are not for it. As in Argo CD a path goes by characters,
 * so that `/team` begins `/team-a`. A host does not: whoever owns `git.example.com.evil.io` is somebody else.
 */
export function coveredLength(credentialsUrl: string, url: string): number | undefined {
  const [covering, address] = [addressOf(credentialsUrl), addressOf(url)]
  if (!covering || covering.place !== address?.place || !address.path.startsWith(covering.path)) return undefined
  return covering.path.length
}

/** Without a port; undefined where it is not plain which it is. */
export function hostOf(url: string): string | undefined {
  return addressOf(url)?.host.replace(/^\[|\]$/g, '') || undefined
}

const usualPorts: Record<string, string> = { https: '443', http: '80', ssh: '22' }
const authority = /^(?:([^@]*)@)?([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d*))?$/

/** Stricter than those that connect: what two programs could read as two hosts is none. */
function addressOf(url: string): Address | undefined {
  const text = url.trim().toLowerCase()
  if (/[\s\\\p{Cc}]/u.test(text)) return undefined
  if (text.startsWith('/')) return { host: '', place: 'local', path: withoutGit(text) }
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/.exec(text) ?? ['', shortScheme(text), short(text)]
  const [, place = '', path = ''] = /^([^/?#]*)(.*)$/.exec(rest) ?? []
  if (scheme === 'file') return { host: '', place: `local ${place}`, path: withoutGit(path) }
  const [, user = '', host, port] = authority.exec(place) ?? []
  if (scheme === undefined || host === undefined) return undefined
  return { host, place: [scheme, user, host, port || usualPorts[scheme]].join(' '), path: withoutGit(path) }
}

/** `USER@HOST:PATH` is SSH, as is `HOST:PATH`; a registry is written `HOST[:PORT][/PATH]`. */
function shortScheme(text: string): string {
  return /^[^/]*@/.test(text) || /^[^/:]+:(?!\d+(\/|$))/.test(text) ? 'ssh' : 'oci'
}

function short(text: string): string {
  return shortScheme(text) === 'ssh' ? text.replace(/^((?:[^/@]*@)?(?:\[[^\]]*\]|[^/:]*)):/, '$1/') : text
}

function withoutGit(path: string): string {
  return path.replace(/\.git$/, '')
}
