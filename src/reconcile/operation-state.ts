/** How an operation begins, begins anew, and what it deploys. Pure. */
import {
  type Application,
  type ApplicationSource,
  type Operation,
  type OperationState,
  type SyncOperationResult,
  sourcesOf,
} from '../model/index.ts'
import { historyAfter } from './history.ts'
import { timestamp } from './status.ts'

/** The operation's own sources, else the application's. */
export function operationSources({ sync }: Operation, { spec }: Application): ApplicationSource[] {
  if (sync?.sources?.length) return sync.sources
  return sync?.source ? [sync.source] : sourcesOf(spec)
}

/** Whether the operation deploys what the application names. */
export function isOfApplication({ sync }: Operation): boolean {
  return !sync?.source && !sync?.sources?.length
}

/** undefined: the newest. A resumed or repeated operation stays with those that it began with, unless told otherwise. */
export function operationRevisions({ operation, syncResult, retryCount }: OperationState): string[] | undefined {
  const { sync, retry } = operation
  if (retry?.refresh && retryCount) return undefined
  if (syncResult?.revisions) return syncResult.revisions
  if (syncResult?.revision) return [syncResult.revision]
  if (sync?.revisions?.length) return sync.revisions
  return sync?.revision ? [sync.revision] : undefined
}

/**
 * What an operation says that it has deployed when it ends before a revision is found out, as Argo CD has it: who is told
 * once per revision is told of the next such end, too.
 */
export function askedFor({ sync }: Operation): SyncOperationResult {
  const { revision = '', revisions = [] } = sync ?? {}
  return { revision, ...(revisions.length > 0 && { revisions }) }
}

/** The state with what is being deployed, in the form in which the history keeps it. */
export function withRevisions(
  state: OperationState,
  { application, revisions }: { application: Application; revisions: string[] },
): OperationState {
  const sources = operationSources(state.operation, application)
  const several = (application.spec.sources?.length ?? 0) > 0 || sources.length > 1
  const deployed = several ? { revisions, sources } : sources[0] && { source: sources[0] }
  return {
    ...state,
    syncResult: { ...state.syncResult, revision: several ? '' : (revisions[0] ?? ''), ...deployed },
  }
}

/** The state that is written down before anything is done; an operation that was under way keeps what it has. */
export function startedState(application: Application, operation: Operation, now: Date): OperationState {
  const before = application.status?.operationState
  const underWay = before?.phase === 'Running' || before?.phase === 'Terminating'
  if (underWay && application.operation) return before
  return { operation, phase: 'Running', message: 'sync started', startedAt: timestamp(startAfter(before, now)) }
}

/**
 * Operations, their tries and their hooks are told apart by when they began, in whole seconds: where two of an application
 * begin in one second, the later one is put down for the next.
 */
function startAfter(before: OperationState | undefined, now: Date): Date {
  const last = Date.parse(before?.startedAt ?? '')
  const isSoon = last <= now.getTime() + mostAheadMs
  return isSoon && last + 1000 > now.getTime() ? new Date(last + 1000) : now
}

/** What is further ahead comes from a clock that is wrong. */
const mostAheadMs = 10_000

/** A state that waits for its next try (it has an end, and is running all the same), as that try begins. */
export function begunAnew({ finishedAt: _finishedAt, ...state }: OperationState): OperationState {
  const { resources: _resources, ...result } = state.syncResult ?? { revision: '' }
  return { ...state, syncResult: result }
}

/** The application once the operation is over. That may be on record already, when the answer to writing it was lost. */
export function withEnded(application: Application, ended: OperationState): Application {
  const { phase, startedAt, finishedAt } = application.status?.operationState ?? {}
  if (phase === ended.phase && startedAt === ended.startedAt && finishedAt === ended.finishedAt) return application
  const { operation: _operation, ...rest } = application
  const history = historyAfter(application, ended)
  return {
    ...rest,
    status: { ...application.status, operationState: ended, ...(history && { history }) },
  } as Application
}
