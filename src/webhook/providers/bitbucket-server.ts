/** Bitbucket Server and Data Center: changed refs. It names neither files nor the default branch. */
import { bySignature } from '../authenticity.ts'
import { gitEvents } from '../git-push.ts'
import { at, listAt, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const bitbucketServer: Provider = {
  name: 'bitbucketserver',
  detects: ({ header }) => header('x-event-key') !== undefined,
  authenticates: (delivery, secret) =>
    // Its test of the connection is not signed, and makes nothing happen.
    delivery.header('x-event-key') === 'diagnostics:ping'
      ? 'unguarded'
      : bySignature(delivery, secret('webhook.bitbucketserver.secret'), [
          { header: 'x-hub-signature', algorithm: 'sha256', prefix: 'sha256=' },
        ]),
  read(payload, { header }) {
    if (header('x-event-key') !== 'repo:refs_changed') return []
    // Old releases give no links at all: their repositories cannot be told.
    const urls = listAt(payload, 'repository', 'links', 'clone').map((link) => textAt(link, 'href'))
    return listAt(payload, 'changes').flatMap((change) =>
      gitEvents({
        urls: urls.filter((url) => url !== ''),
        fullRef: textAt(at(change, 'ref'), 'id') || textAt(change, 'refId'),
        before: textAt(change, 'fromHash'),
        after: textAt(change, 'toHash'),
        defaultBranch: '',
        changedFiles: 'unknown',
      }),
    )
  },
}
