/** What becomes of the resources of an application that is deleted: its finalizers say so. Pure. */
import { finalizer } from '../model/index.ts'

/** What each comes to; `default` is the foreground under the name that it has had longest, and `orphan` lets them stay. */
const finalizers = {
  default: finalizer.resources,
  foreground: finalizer.resourcesForeground,
  background: finalizer.resourcesBackground,
  orphan: undefined,
} as const
export type Propagation = keyof typeof finalizers

export function isPropagation(text: string): text is Propagation {
  return Object.hasOwn(finalizers, text)
}

/** The finalizers, with the one that is meant in place of others of its kind. */
export function cascades(present: string[] = [], propagation: Propagation): string[] {
  const others = present.filter((text) => !text.startsWith(finalizer.resources))
  return [...others, ...[finalizers[propagation] ?? []].flat()]
}
