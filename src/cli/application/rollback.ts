/** `app rollback`: what has to be asked for, and how to get there while something else is under way. */
import { type Application, isAutomated, type Operation, type RevisionHistory } from '../../model/index.ts'
import { entryToReturnTo, isUnderWay, pinned, rollbackOperation } from '../../operation/index.ts'
import { CommandError } from '../exit-code.ts'
import type { Applications } from './applications.ts'
import { startOperation } from './operation.ts'
import { waitFor } from './wait.ts'

export interface RollbackFlags {
  /** Of a history entry; without it, the one before the last. */
  id?: number
  prune?: boolean
  dryRun?: boolean
  /** Hooks run; as in Argo CD they do not unless asked for. */
  hooks?: boolean
  /** false: refused while automated sync is on, as in Argo CD. true: pins also without automated sync. */
  pin?: boolean
}

export interface Rollback {
  operation: Operation
  /** What keeps automated sync from undoing it: the entry, and the patch that pins the application to it. */
  pin?: { id: number; patch: object }
}

export function rollbackOf(
  application: Application,
  flags: RollbackFlags,
  { username, now }: { username: string; now: Date },
): Rollback {
  const { spec, metadata } = application
  const entry = chosenEntry(application, flags.id)
  const automated = isAutomated(spec)
  if (automated && flags.pin === false) {
    throw new CommandError(
      `automated sync of ${metadata.name} would undo a rollback without a pin: leave --no-pin out, or switch it off first with "tiphys app set ${metadata.name} --sync-policy none"`,
    )
  }
  const pins = !flags.dryRun && (flags.pin ?? automated)
  return {
    operation: rollbackOperation(application, { ...flags, entry }, username),
    ...(pins && { pin: { id: entry.id, patch: pinned(entry, { username, now }) } }),
  }
}

/** Without `id`, the one before the last. */
export function chosenEntry(application: Application, id: number | undefined): RevisionHistory {
  const entry = entryToReturnTo(application, id)
  if (entry) return entry
  const { metadata, status } = application
  const known = (status?.history ?? []).map((candidate) => candidate.id).join(', ') || 'none'
  throw new CommandError(`${metadata.name} has no history entry ${id ?? 'before the last'}; there are: ${known}`)
}

/**
 * Resolves to when the operation was asked for. A pin does not wait for what is under way: an automated sync is given up
 * for it, and one of somebody else's comes to its end first.
 */
export async function startRollback(
  applications: Applications,
  name: string,
  { rollback, timeout }: { rollback: Rollback; timeout: number },
): Promise<Date> {
  const { operation, pin } = rollback
  if (!pin) return startOperation(applications, name, operation)
  if (isUnderWay(await applications.get(name))) {
    await applications.patch(name, pin.patch)
    await waitFor(applications, name, (application) => !isUnderWay(application), { timeout })
  }
  const asked = new Date()
  await applications.patch(name, { ...pin.patch, operation })
  return asked
}
