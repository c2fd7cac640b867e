/** Gitea and Forgejo: pushes. */
import { bySignature, hubSignature256 } from '../authenticity.ts'
import { filesOfCommits, githubLikePush } from '../git-push.ts'
import { at, type Json, listAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const gitea: Provider = {
  name: 'gitea',
  detects: ({ header }) => header('x-gitea-event') !== undefined || header('x-forgejo-event') !== undefined,
  authenticates: (delivery, secret) =>
    // Argo CD knows Gitea as Gogs, and so do its installations' secrets.
    bySignature(delivery, secret('webhook.gitea.secret') ?? secret('webhook.gogs.secret'), [
      { header: 'x-gitea-signature', algorithm: 'sha256', prefix: '' },
      hubSignature256,
    ]),
  read: (payload, { header }) =>
    (header('x-gitea-event') ?? header('x-forgejo-event')) === 'push'
      ? githubLikePush(payload, isWhole(payload) ? filesOfCommits(payload) : 'unknown')
      : [],
}

/** Releases that do not count the commits list five of them at most. */
function isWhole(payload: Json): boolean {
  const { length } = listAt(payload, 'commits')
  const total = at(payload, 'total_commits')
  return typeof total === 'number' ? total === length : length < 5
}
