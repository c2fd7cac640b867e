/** Applications whose images nobody is to touch for now. Pure. */
import { type Application, isSkipped, pinOf } from '../model/index.ts'

/** Somebody has decided what it is to run, it goes away, or nobody is to touch it. */
export type LeftAlone = 'deletion' | 'skip-reconcile' | 'pin'

export function whyLeftAlone(application: Application): LeftAlone | undefined {
  const { metadata } = application
  if (metadata.deletionTimestamp !== undefined) return 'deletion'
  if (isSkipped(metadata.annotations)) return 'skip-reconcile'
  return pinOf(application) && 'pin'
}
