/** Whether an ApplicationSet generates from the repository that a push went to. */
import type { GitEvent } from './event.ts'
import { at, type Json, listAt, textAt } from './payload.ts'
import { repositoryKey } from './repository-key.ts'
import { followsRef } from './target-revision.ts'

/** Generators that hold others may do so twice over; deeper ones are refused elsewhere. */
const deepest = 4

export function applicationSetIsTouched(event: GitEvent, applicationSet: { spec?: Json }): boolean {
  const keys = new Set(event.urls.map(repositoryKey).filter((key) => key !== undefined))
  return keys.size > 0 && anyTouched(listAt(applicationSet.spec, 'generators'), { event, keys, depth: 0 })
}

interface Search {
  event: GitEvent
  keys: Set<string>
  depth: number
}

function anyTouched(generators: Json[], search: Search): boolean {
  if (search.depth > deepest) return false
  const below = { ...search, depth: search.depth + 1 }
  return generators.some(
    (generator) =>
      gitIsTouched(at(generator, 'git'), search) ||
      anyTouched(listAt(generator, 'matrix', 'generators'), below) ||
      anyTouched(listAt(generator, 'merge', 'generators'), below),
  )
}

function gitIsTouched(git: Json, { event, keys }: Search): boolean {
  const repoURL = textAt(git, 'repoURL')
  const targetRevision = textAt(git, 'revision')
  // In a matrix the other generator may fill them in: which repository it is shows only then.
  if (repoURL.includes('{{')) return true
  if (!keys.has(repositoryKey(repoURL) ?? '')) return false
  if (targetRevision.includes('{{')) return true
  return followsRef({ targetRevision, tagPrefix: '' }, event, () => false)
}
