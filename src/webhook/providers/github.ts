/** GitHub and GitHub Enterprise: pushes. */
import { bySignature, hubSignature256 } from '../authenticity.ts'
import { filesOfCommits, githubLikePush } from '../git-push.ts'
import { at, type Json, listAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

/** Commits that a delivery holds at most: now, and of old. Exactly that many may be some of more. */
const mostCommits = { now: 2048, before: 20 }

export const github: Provider = {
  name: 'github',
  detects: ({ header }) => header('x-github-event') !== undefined,
  authenticates: (delivery, secret) =>
    bySignature(delivery, secret('webhook.github.secret'), [
      hubSignature256,
      // All that old releases of GitHub Enterprise send.
      { header: 'x-hub-signature', algorithm: 'sha1', prefix: 'sha1=' },
    ]),
  read: (payload, { header }) =>
    header('x-github-event') === 'push' ? githubLikePush(payload, changedFiles(payload)) : [],
}

function changedFiles(payload: Json): string[] | 'unknown' {
  const { length } = listAt(payload, 'commits')
  const mayBeCut = length === mostCommits.before || length >= mostCommits.now
  // A forced push also takes back commits, which it does not list.
  return mayBeCut || at(payload, 'forced') === true ? 'unknown' : filesOfCommits(payload)
}
