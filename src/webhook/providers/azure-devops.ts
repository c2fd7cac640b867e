/** Azure DevOps: pushed code. It names no files. */
import { byPassword } from '../authenticity.ts'
import { gitEvents } from '../git-push.ts'
import { at, listAt, textAt, textsAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const azureDevOps: Provider = {
  name: 'azuredevops',
  detects: ({ header }) => header('x-vss-activityid') !== undefined,
  authenticates: ({ header }, secret) =>
    byPassword(
      header('authorization'),
      secret('webhook.azuredevops.username') ?? '',
      secret('webhook.azuredevops.password') ?? '',
    ),
  read(payload) {
    if (textAt(payload, 'eventType') !== 'git.push') return []
    const repository = at(payload, 'resource', 'repository')
    return listAt(payload, 'resource', 'refUpdates').flatMap((update) =>
      gitEvents({
        urls: textsAt(repository, 'remoteUrl', 'sshUrl', 'webUrl'),
        fullRef: textAt(update, 'name'),
        before: textAt(update, 'oldObjectId'),
        after: textAt(update, 'newObjectId'),
        defaultBranch: textAt(repository, 'defaultBranch'),
        changedFiles: 'unknown',
      }),
    )
  },
}
