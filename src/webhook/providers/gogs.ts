/** Gogs: pushes. */
import { bySignature } from '../authenticity.ts'
import { filesOfCommits, githubLikePush } from '../git-push.ts'
import { listAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

/** Gogs lists the newest commits only, five unless configured otherwise, and does not say that there are more. */
const mostCommits = 5

export const gogs: Provider = {
  name: 'gogs',
  detects: ({ header }) => header('x-gogs-event') !== undefined,
  authenticates: (delivery, secret) =>
    bySignature(delivery, secret('webhook.gogs.secret'), [
      { header: 'x-gogs-signature', algorithm: 'sha256', prefix: '' },
    ]),
  read: (payload, { header }) =>
    header('x-gogs-event') === 'push'
      ? githubLikePush(payload, listAt(payload, 'commits').length < mostCommits ? filesOfCommits(payload) : 'unknown')
      : [],
}
