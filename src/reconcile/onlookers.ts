/** Applications that another process looks after, as they are seen here: looked at while somebody wants to know, never acted on. */
import { type Application, annotation, messageOf } from '../model/index.ts'
import type { Memory } from './memory.ts'
import type { Stages } from './stages.ts'

/** So long after the last question an application is still followed. */
const interestMs = 600_000

export function isWanted({ askedAt }: Pick<Memory, 'askedAt'>, now: number): boolean {
  return now - askedAt < interestMs
}

/** Whether whoever looks after it has come to other revisions than we have seen. */
export function hasMoved({ status }: Application, { rendered }: Pick<Memory, 'rendered'>): boolean {
  if (!rendered || !('revisions' in rendered)) return false
  const { revision, revisions } = status?.sync ?? {}
  const told = revisions?.length ? revisions : revision ? [revision] : []
  return told.length > 0 && told.join() !== rendered.revisions.join()
}

/** Has whoever looks after it ask its sources: by the annotation, which everybody sees. */
export function askOwner(
  name: string,
  { controlPlane, clock, log }: Pick<Stages, 'controlPlane' | 'clock' | 'log'>,
): void {
  const asked = { [annotation.refresh]: 'normal', [annotation.refreshTimestamp]: new Date(clock.now()).toISOString() }
  void controlPlane.patch(name, { metadata: { annotations: asked } }).catch((error: unknown) => {
    log.warn({ application: name, error: messageOf(error) }, 'whoever looks after the application could not be told')
  })
}
