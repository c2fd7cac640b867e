/** GitLab: pushes of branches and tags, from the hooks of a project, a group or the system. */
import { byToken } from '../authenticity.ts'
import { filesOfCommits, gitEvents } from '../git-push.ts'
import { at, type Json, listAt, textAt, textsAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const gitlab: Provider = {
  name: 'gitlab',
  detects: ({ header }) => header('x-gitlab-event') !== undefined,
  authenticates: ({ header }, secret) => byToken(header('x-gitlab-token'), secret('webhook.gitlab.secret')),
  read(payload) {
    // A system hook has one header for all its events.
    const what = textAt(payload, 'object_kind') || textAt(payload, 'event_name')
    if (what !== 'push' && what !== 'tag_push') return []
    const project = at(payload, 'project')
    return gitEvents({
      urls: [
        ...textsAt(project, 'web_url', 'git_http_url', 'git_ssh_url', 'http_url', 'ssh_url'),
        ...textsAt(at(payload, 'repository'), 'git_http_url', 'git_ssh_url'),
      ],
      fullRef: textAt(payload, 'ref'),
      before: textAt(payload, 'before'),
      after: textAt(payload, 'after'),
      defaultBranch: textAt(project, 'default_branch'),
      changedFiles: isWhole(payload) ? filesOfCommits(payload) : 'unknown',
    })
  },
}

/** Twenty commits are listed, and all of them counted. */
function isWhole(payload: Json): boolean {
  return at(payload, 'total_commits_count') === listAt(payload, 'commits').length
}
