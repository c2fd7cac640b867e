/** When two addresses mean the same repository, and what is shown of one. Pure. */

/**
 * The usual spellings of one repository become the same text: case, `.git`, `ssh://git@host/x` and `git@host:x`. A slash at
 * the end stays: of credentials, it says where the prefix ends.
 */
export function normalisedUrl(url: string): string {
  let text = url.trim().toLowerCase()
  const isSsh = /^(ssh:\/\/)?[^/:]*@[^@]+$/.test(text)
  if (isSsh && !text.startsWith('ssh://')) text = `ssh://${text.replace(':', '/')}`
  return text.replace(/\.git$/, '').replace(/^ssh:\/\//, '')
}

export function isSameRepository(one: string, other: string): boolean {
  return one !== '' && shownUrl(normalisedUrl(one)) === shownUrl(normalisedUrl(other))
}

/** Without a password that somebody has written into it. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:\s]*):[^/@\s]*@/i, '$1@')
}
