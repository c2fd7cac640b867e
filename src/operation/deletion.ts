/** What becomes of the resources of an application that is deleted: its finalizers say so. Pure. */
import { finalizer } from '../model/index.ts'

/** `orphan`: they stay. */
export type Propagation = 'foreground' | 'background' | 'orphan'

/** The finalizers, with the one that is meant in place of others of its kind. */
export function cascades(finalizers: string[] = [], propagation: Propagation): string[] {
  const others = finalizers.filter((text) => !text.startsWith(finalizer.resources))
  if (propagation === 'orphan') return others
  return [...others, propagation === 'background' ? finalizer.resourcesBackground : finalizer.resources]
}
