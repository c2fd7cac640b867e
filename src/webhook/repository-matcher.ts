/** Whether an address is one of the repositories that events tell of. Pure. */
import type { WebhookEvent } from './event.ts'
import { repositoryKey } from './repository-key.ts'

/** Undefined where none of the events is about a Git repository. */
export function repositoryMatcher(events: WebhookEvent[]): ((repoURL: string) => boolean) | undefined {
  const urls = events.flatMap((event) => (event.kind === 'git' ? event.urls : []))
  const keys = new Set(urls.map(repositoryKey).filter((key) => key !== undefined))
  if (keys.size === 0) return undefined
  return (repoURL) => {
    const key = repositoryKey(repoURL)
    return key !== undefined && keys.has(key)
  }
}
