/** Whether what has moved is what a targetRevision follows. */
import type { ArtifactEvent, GitEvent } from './event.ts'

/** Whether the text is a version constraint, such as `^1.2` or `2.x`, that admits the version. */
export type Admits = (constraint: string, version: string) => boolean

export interface Target {
  targetRevision: string
  tagPrefix: string
}

export function followsRef({ targetRevision, tagPrefix }: Target, event: GitEvent, admits: Admits): boolean {
  if (targetRevision === '' || targetRevision === 'HEAD') return event.touchedHead
  if (namesOf(event).includes(targetRevision)) return true
  if (event.refKind === 'branch' || !event.ref.startsWith(tagPrefix)) return false
  return admits(without(tagPrefix, targetRevision), event.ref.slice(tagPrefix.length))
}

const folders = { branch: ['heads'], tag: ['tags'], unknown: ['heads', 'tags'] }

function namesOf({ ref, refKind }: GitEvent): string[] {
  return [ref, ...folders[refKind].flatMap((folder) => [`${folder}/${ref}`, `refs/${folder}/${ref}`])]
}

function without(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

export function followsTag({ targetRevision }: Target, { tag, digest }: ArtifactEvent, admits: Admits): boolean {
  // Tags have no plus sign: Helm writes an underscore for that of a version.
  const version = tag.replaceAll('_', '+')
  if (['', '*', tag, version].includes(targetRevision)) return true
  return targetRevision === digest || admits(targetRevision, version)
}
