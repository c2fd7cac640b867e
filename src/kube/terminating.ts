/** Tells an object that waits for its end from one that the answer shows for the last time. */
import type { KubeObject } from '../model/index.ts'

/** Marked for deletion, and held by a finalizer or its grace period. */
export function isTerminating({ metadata }: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata
  return deletionTimestamp !== undefined && (deletionGracePeriodSeconds > 0 || finalizers.length > 0)
}
