/** Where a commit can be read, for the hosts that most people use. Pure. */
import { isCommit } from '../data/facts.ts'

export interface CommitOf {
  repoURL: string
  revision: string
  chart?: string
}

export function commitAddress({ repoURL, revision, chart }: CommitOf): string | undefined {
  if (chart || !isCommit(revision)) return undefined
  const repository = webAddress(repoURL)
  if (!repository) return undefined
  if (repository.hostname.includes('gitlab')) return `${repository.href}/-/commit/${revision}`
  if (repository.hostname.includes('bitbucket')) return `${repository.href}/commits/${revision}`
  const known = ['github', 'gitea', 'codeberg', 'forgejo']
  return known.some((name) => repository.hostname.includes(name)) ? `${repository.href}/commit/${revision}` : undefined
}

/** `git@github.com:shop/web.git` and `https://github.com/shop/web.git` are read at the same place. */
function webAddress(repoURL: string): URL | undefined {
  const secure = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+?)(?::\d+)?[:/](.+)$/.exec(repoURL)
  const text = secure ? `https://${secure[1]}/${secure[2]}` : repoURL
  if (!/^https:\/\//.test(text)) return undefined
  try {
    const url = new URL(text.replace(/\/$/, '').replace(/\.git$/, ''))
    return new URL(url.origin + url.pathname)
  } catch {
    return undefined
  }
}
