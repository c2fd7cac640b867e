/** The revisions that an application has run, newest last. Pure. */
import {
  type Application,
  type InitiatedBy,
  type OperationState,
  pinnedId,
  type RevisionHistory,
  type SyncOperation,
} from '../model/index.ts'

const defaultLimit = 10

/** Nothing is written by it. */
export function onlyAsks({ dryRun, preflightOnly }: SyncOperation): boolean {
  return dryRun === true || preflightOnly === true
}

/** The history after this finished operation: only whole, real, successful syncs are recorded. */
export function historyAfter(application: Application, state: OperationState): RevisionHistory[] | undefined {
  const history = application.status?.history
  const { operation, syncResult, phase } = state
  const sync = operation.sync
  if (phase !== 'Succeeded' || !syncResult || !sync || onlyAsks(sync) || sync.resources || sync.manifests)
    return history
  const initiatedBy: InitiatedBy | undefined = operation.initiatedBy
  const entry: RevisionHistory = {
    id: (history?.at(-1)?.id ?? -1) + 1,
    revision: syncResult.revision,
    ...(syncResult.revisions && { revisions: syncResult.revisions }),
    ...(syncResult.source && { source: syncResult.source }),
    ...(syncResult.sources && { sources: syncResult.sources }),
    deployStartedAt: state.startedAt,
    deployedAt: state.finishedAt ?? state.startedAt,
    ...(initiatedBy && { initiatedBy }),
  }
  const limit = application.spec.revisionHistoryLimit ?? defaultLimit
  const all = [...(history ?? []), entry]
  const pinned = pinnedId(application)
  return all.filter(({ id }, index) => id === pinned || (limit > 0 && index >= all.length - limit))
}
