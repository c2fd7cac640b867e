/** Tells an object that waits for its end from one that the answer shows for the last time. */
import type { KubeObject } from '../model/index.ts'

/** Marked for deletion, and held by a finalizer or its grace period. */
export function isTerminating({ metadata, spec }: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata
  // Namespaces have finalizers of their own kind.
  const { finalizers: inSpec = [] } = (spec ?? {}) as { finalizers?: string[] }
  const held = deletionGracePeriodSeconds > 0 || finalizers.length > 0 || inSpec.length > 0
  return deletionTimestamp !== undefined && held
}
