/** Bitbucket Cloud: pushes. It names no files. */
import { byToken } from '../authenticity.ts'
import { gitEvents } from '../git-push.ts'
import { at, type Json, listAt, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const bitbucketCloud: Provider = {
  name: 'bitbucket',
  detects: ({ header }) => header('x-hook-uuid') !== undefined,
  authenticates: ({ header }, secret) =>
    byToken(withoutBraces(header('x-hook-uuid')), withoutBraces(secret('webhook.bitbucket.uuid'))),
  read(payload, { header }) {
    if (header('x-event-key') !== 'repo:push') return []
    const repository = at(payload, 'repository')
    const page = textAt(repository, 'links', 'html', 'href')
    return listAt(payload, 'push', 'changes').flatMap((change) =>
      gitEvents({
        urls: page === '' ? [] : [page],
        fullRef: fullRef(change),
        before: textAt(change, 'old', 'target', 'hash'),
        after: textAt(change, 'new', 'target', 'hash'),
        defaultBranch: textAt(repository, 'mainbranch', 'name'),
        changedFiles: 'unknown',
      }),
    )
  },
}

/** Bitbucket writes the id with them in its API, and without in the header. */
function withoutBraces(id: string | undefined): string | undefined {
  return id?.replace(/^\{(.*)\}$/, '$1')
}

/** A ref that is gone has no `new`. */
function fullRef(change: Json): string {
  const ref = at(change, 'new') ?? at(change, 'old')
  const name = textAt(ref, 'name')
  if (name === '') return ''
  return textAt(ref, 'type') === 'tag' ? `refs/tags/${name}` : `refs/heads/${name}`
}
