/** From what a Git host says of a push to an event: the ref, and the files when the list is sure to be whole. */
import type { GitEvent } from './event.ts'
import { at, type Json, listAt, textAt } from './payload.ts'

interface Push {
  urls: string[]
  /** With `refs/heads/` or `refs/tags/`. */
  fullRef: string
  before: string
  after: string
  /** Empty where the host does not say. */
  defaultBranch: string
  changedFiles: string[] | 'unknown'
}

/** No event without a repository and a ref: nothing could be found by it. */
export function gitEvents({ urls, fullRef, before, after, defaultBranch, changedFiles }: Push): GitEvent[] {
  const { ref, refKind } = splitRef(fullRef)
  if (urls.length === 0 || ref === '') return []
  const head = splitRef(defaultBranch).ref
  // What a new branch holds is more than the commits that came with it.
  const isUpdate = isCommit(before) && isCommit(after)
  return [
    {
      kind: 'git',
      urls: [...new Set(urls)],
      ref,
      refKind,
      before,
      after,
      ...(head === '' ? {} : { defaultBranch: head }),
      touchedHead: refKind !== 'tag' && (head === '' || head === ref),
      changedFiles: isUpdate ? changedFiles : 'unknown',
    },
  ]
}

function splitRef(fullRef: string): Pick<GitEvent, 'ref' | 'refKind'> {
  if (fullRef.startsWith('refs/heads/')) return { ref: fullRef.slice(11), refKind: 'branch' }
  if (fullRef.startsWith('refs/tags/')) return { ref: fullRef.slice(10), refKind: 'tag' }
  return { ref: fullRef, refKind: 'unknown' }
}

function isCommit(id: string): boolean {
  return id !== '' && !/^0+$/.test(id)
}

/** GitHub leaves out what is beyond 3,000 files of a commit; and that many changes touch nearly everything anyway. */
const mostFiles = 3000

/**
 * The files that the commits name. Unknown when there are no commits, when one does not say what it changed, and when
 * there are too many.
 */
export function filesOfCommits(payload: Json): string[] | 'unknown' {
  const files = new Set<string>()
  const commits = listAt(payload, 'commits')
  if (commits.length === 0) return 'unknown'
  for (const commit of commits) {
    const lists = ['added', 'modified', 'removed'].map((key) => at(commit, key)).filter(Array.isArray)
    if (lists.length === 0) return 'unknown'
    for (const file of lists.flat()) {
      if (typeof file !== 'string') return 'unknown'
      files.add(file)
      if (files.size >= mostFiles) return 'unknown'
    }
  }
  return files.size === 0 ? 'unknown' : [...files]
}

/** GitHub, Gogs and Gitea agree on these names. */
export function githubLikePush(payload: Json, changedFiles: string[] | 'unknown'): GitEvent[] {
  const repository = at(payload, 'repository')
  const urls = ['html_url', 'clone_url', 'ssh_url', 'git_url'].map((key) => textAt(repository, key))
  return gitEvents({
    urls: urls.filter((url) => url !== ''),
    fullRef: textAt(payload, 'ref'),
    before: textAt(payload, 'before'),
    after: textAt(payload, 'after'),
    defaultBranch: textAt(repository, 'default_branch'),
    changedFiles,
  })
}
