/** `app rollback`: what has to be asked for, and how to get there while something else is under way. */
import {
  type Application,
  annotation,
  deployedSources,
  isAutomated,
  type Operation,
  type Pin,
  type RevisionHistory,
} from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'
import type { Applications } from './applications.ts'
import { startOperation } from './operation.ts'
import { isUnderWay, waitFor } from './wait.ts'

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
  /** What keeps automated sync from undoing it. */
  pin?: Pin
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
    operation: operationFor(application, entry, flags, username),
    ...(pins && { pin: { id: entry.id, by: username, at: now.toISOString().replace(/\.\d+Z$/, 'Z') } }),
  }
}

/** Without `id`, the one before the last. */
export function chosenEntry({ metadata, status }: Application, id: number | undefined): RevisionHistory {
  const history = status?.history ?? []
  const entry = id === undefined ? history.at(-2) : history.find((candidate) => candidate.id === id)
  if (entry) return entry
  const known = history.map((candidate) => candidate.id).join(', ') || 'none'
  throw new CommandError(`${metadata.name} has no history entry ${id ?? 'before the last'}; there are: ${known}`)
}

function operationFor(
  { spec }: Application,
  entry: RevisionHistory,
  { prune, dryRun, hooks }: RollbackFlags,
  username: string,
): Operation {
  const { revision, revisions } = entry
  const [source, ...others] = deployedSources(entry)
  const several = entry.sources?.length
  return {
    sync: {
      ...(revision && { revision }),
      ...(revisions && { revisions }),
      ...(several && source ? { sources: [source, ...others] } : source && { source }),
      ...(prune && { prune }),
      ...(dryRun && { dryRun }),
      syncStrategy: hooks ? { hook: {} } : { apply: {} },
      ...(spec.syncPolicy?.syncOptions && { syncOptions: spec.syncPolicy.syncOptions }),
    },
    initiatedBy: { username },
  }
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
  const annotations = { [annotation.pin]: JSON.stringify(pin) }
  if (isUnderWay(await applications.get(name))) {
    await applications.patch(name, { metadata: { annotations } })
    await waitFor(applications, name, (application) => !isUnderWay(application), { timeout })
  }
  const asked = new Date()
  await applications.patch(name, { metadata: { annotations }, operation })
  return asked
}
