/** Whose an application is, where several processes share the work: by the Leases, and by what is on its record. Pure. */
import { type Application, annotation, instanceName } from '../model/index.ts'

/** What the Leases say; see replica/membership.ts. */
export interface Share {
  isOurs(name: string): boolean
  /** As what is begun now is on record; undefined: nothing may be begun, and nothing that is under way may go on. */
  holder(): string | undefined
  /** Whether what was begun under this name may still be going on. */
  isLive(holder: string): boolean
  onChange(listener: () => void): () => void
}

/** Why nothing may be written any more; undefined: all is well. */
export type WriteGuard = () => string | undefined

/** Who has begun what is under way, or was the last to. */
export function holderOf({ metadata }: Application): string | undefined {
  return metadata.annotations?.[annotation.holder]
}

/** An operation, or the deletion, is under way: whoever has begun it goes on with it. */
function isBusy({ metadata, status }: Application): boolean {
  const phase = status?.operationState?.phase
  return phase === 'Running' || phase === 'Terminating' || metadata.deletionTimestamp !== undefined
}

/** Whether we look after the application at this moment: what others have begun is theirs as long as they live. */
export function looksAfter(application: Application, share: Share, controlNamespace: string): boolean {
  const me = share.holder()
  if (me === undefined) return false
  const holder = isBusy(application) ? holderOf(application) : undefined
  if (holder === me) return true
  if (holder !== undefined && share.isLive(holder)) return false
  return share.isOurs(instanceName(application, controlNamespace))
}

/** Whether a write that was decided upon when the application was as `before` may still be made. */
export function mayStillWrite(before: Application, now: Application, me: string | undefined): boolean {
  if (me === undefined || now.metadata.uid !== before.metadata.uid) return false
  if (holderOf(now) === me) return true
  // Whoever rewrites all annotations takes nobody's work away.
  if (holderOf(now) === undefined && holderOf(before) === me) return begun(now) === begun(before)
  return holderOf(now) === holderOf(before) && begun(now) === begun(before)
}

/** Which operation is under way, if one is. */
function begun(application: Application): string {
  return isBusy(application) ? (application.status?.operationState?.startedAt ?? 'deletion') : ''
}
