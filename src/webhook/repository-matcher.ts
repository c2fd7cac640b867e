/** Whether what has moved in a repository is what somebody follows. Pure. */
import type { GitEvent, WebhookEvent } from './event.ts'
import { repositoryKey } from './repository-key.ts'
import { type Admits, followsRef } from './target-revision.ts'

/** Undefined where none of the events is about a Git repository. */
export function repositoryMatcher(
  events: WebhookEvent[],
  admits: Admits,
): ((repoURL: string, targetRevision: string) => boolean) | undefined {
  const byKey = new Map<string, GitEvent[]>()
  for (const event of events) {
    if (event.kind !== 'git') continue
    for (const key of new Set(event.urls.map(repositoryKey))) {
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), event])
    }
  }
  if (byKey.size === 0) return undefined
  return (repoURL, targetRevision) => {
    const found = byKey.get(repositoryKey(repoURL) ?? '') ?? []
    return found.some((event) => followsRef({ targetRevision, tagPrefix: '' }, event, admits))
  }
}
