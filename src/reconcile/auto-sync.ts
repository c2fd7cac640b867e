/** Decides whether an application that deviates is synced without anybody asking. Pure. */
import type {
  Application,
  ApplicationSource,
  Operation,
  OperationState,
  ResourceStatus,
  SyncOperationResource,
} from '../model/index.ts'
import { hasMultipleSources, isAutomated, sourcesOf } from '../model/index.ts'
import { onlyAsks } from './history.ts'
import type { Hold } from './operation-permission.ts'

export interface AutoSyncInput {
  application: Application
  /** The fresh comparison, not the one in status. */
  status: 'Synced' | 'OutOfSync' | 'Unknown'
  revisions: string[]
  resources: ResourceStatus[]
  /** Nothing deviates but what has to be done even without self-healing. */
  unfinished?: boolean
  /** What the last sync may have failed by is not as it was then. */
  promising: boolean
  now: Date
  selfHealBackoff: BackoffSettings
  failureBackoff: BackoffSettings
}

export interface BackoffSettings {
  firstMs: number
  factor: number
  capMs: number
}

export type AutoSyncDecision =
  | { kind: 'none' }
  | { kind: 'wait'; delayMs: number; problem?: string }
  | { kind: 'refuse'; problem: string }
  /** It would be synced, were it not for a sync window or for applications that it depends on. */
  | ({ kind: 'hold' } & Hold)
  | { kind: 'sync'; operation: Operation }

/**
 * The rules of Argo CD's automated sync, except that a failed one is not given up for good: it is tried again when
 * something that it may have tripped over has changed, and else with growing pauses.
 */
export function decideAutoSync(input: AutoSyncInput): AutoSyncDecision {
  const { application, status, resources, revisions } = input
  const automated = application.spec.syncPolicy?.automated
  if (!isAutomated(application.spec) || application.operation || application.metadata.deletionTimestamp) {
    return { kind: 'none' }
  }
  if (status !== 'OutOfSync') return { kind: 'none' }
  const prune = automated?.prune === true
  const deviating = resources.filter((resource) => resource.status === 'OutOfSync')
  if (!prune && deviating.every((resource) => resource.requiresPruning)) return { kind: 'none' }
  if (prune && automated?.allowEmpty !== true && resources.length > 0 && resources.every((r) => r.requiresPruning)) {
    return { kind: 'refuse', problem: 'auto-sync will wipe out all resources; set allowEmpty if that is meant' }
  }
  const last = application.status?.operationState
  const attempts = attemptsSoFar(application, last, revisions)
  if (attempts === undefined || !last) return { kind: 'sync', operation: fullSync(input) }
  if (last.phase === 'Running' || last.phase === 'Terminating') return { kind: 'none' }
  if (last.phase !== 'Succeeded') return afterFailure(input, attempts)
  if (automated?.selfHeal !== true && !input.unfinished) return { kind: 'none' }
  const delayMs = pauseLeft(input, input.selfHealBackoff, attempts)
  if (delayMs > 0) return { kind: 'wait', delayMs }
  return { kind: 'sync', operation: heal(input, deviating, attempts) }
}

/** How many automated syncs of just this revision and source there were beyond the first; undefined: none at all. */
function attemptsSoFar(
  application: Application,
  state: OperationState | undefined,
  revisions: string[],
): number | undefined {
  const result = state?.syncResult
  if (!state || !result || onlyAsks(state.operation.sync ?? {})) return undefined
  const synced = result.revisions ?? [result.revision]
  if (synced.join() !== revisions.join()) return undefined
  const sources = result.sources ?? (result.source ? [result.source] : [])
  if (!sameSources(sources, sourcesOf(application.spec))) return undefined
  return state.operation.sync?.autoHealAttemptsCount ?? 0
}

/** True for an automated operation that no longer deploys what the application names: Git or the application moved on. */
export function isOvertaken(application: Application, state: OperationState, revisions: string[]): boolean {
  const automated = state.operation.initiatedBy?.automated === true
  return automated && attemptsSoFar(application, state, revisions) === undefined
}

function sameSources(one: ApplicationSource[], other: ApplicationSource[]): boolean {
  return JSON.stringify(one.map(sorted)) === JSON.stringify(other.map(sorted))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  )
}

function afterFailure(input: AutoSyncInput, attempts: number): AutoSyncDecision {
  const { promising, revisions, application } = input
  // Even a promising retry keeps a short pause: a sync that fails half-way changes the live state itself.
  const delayMs = pauseLeft(input, promising ? input.selfHealBackoff : input.failureBackoff, attempts)
  if (delayMs <= 0) return { kind: 'sync', operation: fullSync(input, attempts + 1) }
  const problem = describeFailure(revisions, application.status?.operationState?.message ?? '')
  return { kind: 'wait', delayMs, problem }
}

export function describeFailure(revisions: string[], message: string): string {
  return `Failed last sync attempt to ${revisions.join(', ')}: ${message}`
}

function pauseLeft(input: AutoSyncInput, { firstMs, factor, capMs }: BackoffSettings, attempts: number): number {
  const finishedAt = input.application.status?.operationState?.finishedAt
  if (!finishedAt) return 0
  const isFirstHeal = attempts === 0 && input.application.status?.operationState?.phase === 'Succeeded'
  if (isFirstHeal) return 0
  const pause = Math.min(firstMs * factor ** Math.max(attempts - 1, 0), capMs)
  return Date.parse(finishedAt) + pause - input.now.getTime()
}

function fullSync(input: AutoSyncInput, attempts = 0): Operation {
  const { spec } = input.application
  const [revision = ''] = input.revisions
  return {
    sync: {
      ...(hasMultipleSources(spec) ? { revisions: input.revisions } : { revision }),
      prune: spec.syncPolicy?.automated?.prune === true,
      ...(spec.syncPolicy?.syncOptions && { syncOptions: spec.syncPolicy.syncOptions }),
      ...(attempts > 0 && { autoHealAttemptsCount: attempts }),
    },
    initiatedBy: { automated: true },
    retry: spec.syncPolicy?.retry ?? { limit: 5 },
  }
}

function heal(input: AutoSyncInput, deviating: ResourceStatus[], attempts: number): Operation {
  const operation = fullSync(input, attempts + 1)
  const resources = deviating.map(
    ({ group, kind = '', name = '' }): SyncOperationResource => ({ kind, name, ...(group && { group }) }),
  )
  return { ...operation, sync: { ...operation.sync, resources } }
}
