/** `app rollback`: what has to be asked for, and how to get there while something else is under way. */
import { type Application, isAutomated, type Operation, type RevisionHistory } from '../../model/index.ts'
import { entryToReturnTo, pinned, rollbackOperation } from '../../operation/index.ts'
import { CommandError } from '../exit-code.ts'
import type { RollbackChoice } from './applications.ts'

export interface Rollback {
  operation: Operation
  /** What keeps automated sync from undoing it: the entry, and the patch that pins the application to it. */
  pin?: { id: number; patch: object }
}

export function rollbackOf(
  application: Application,
  flags: RollbackChoice,
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
