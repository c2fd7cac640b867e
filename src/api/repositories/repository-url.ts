/** When two addresses mean the same repository, and what is shown of one. Pure. */

/**
 * The usual spellings of one repository become the same text: case, `.git`, `ssh://git@host/x` and `git@host:x`, a registry
 * with `oci://` and without. A slash at the end stays: of credentials, it says where the prefix ends.
 */
export function normalisedUrl(url: string): string {
  let text = url.trim().toLowerCase()
  const isSsh = /^(ssh:\/\/)?[^/:]*@[^@]+$/.test(text)
  if (isSsh && !text.startsWith('ssh://')) text = `ssh://${text.replace(':', '/')}`
  return withoutGit(text).replace(/^(ssh|oci):\/\//, '')
}

/** Of a host, `.git` is a part: `https://charts.git` is another one than `https://charts`. */
function withoutGit(text: string): string {
  const [, host = '', path = ''] = /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/]*@)?[^/:@]*)(.*)$/s.exec(text) ?? []
  return host + path.replace(/\.git$/, '')
}

export function isSameRepository(one: string, other: string): boolean {
  return one !== '' && comparable(one) === comparable(other)
}

/** No password makes it another one; where a host ends counts as for those that connect to it. */
function comparable(url: string): string {
  const text = normalisedUrl(url.replace(/\/+$/, ''))
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:\s]*):[^/?#\s]*@/, '$1@')
}

/** Without a password that somebody has written into it. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:\s]*):[^/\s]*@/i, '$1@')
}
