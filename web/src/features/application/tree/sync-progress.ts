/** How far a sync has come with each object, as the operation tells it. Pure. */
import type { Application } from '../../../lib/api.ts'
import { resourceParameter } from '../../../lib/paths.ts'
import { isUnderWay, type ResourceStatus } from '../data/facts.ts'

export type Progress = 'waiting' | 'running' | 'done' | 'failed'

export interface SyncProgress {
  isRunning: boolean
  /** undefined: all. */
  asked: Set<string> | undefined
  reached: Map<string, Progress>
  hooks: Map<string, { type: string; phase: string | undefined }>
}

type Result = NonNullable<
  NonNullable<NonNullable<NonNullable<Application['status']>['operationState']>['syncResult']>['resources']
>[number]

export function syncProgress(application: Application): SyncProgress {
  const state = application.status?.operationState
  const results = state?.syncResult?.resources ?? []
  const sync = application.operation?.sync ?? state?.operation.sync
  const { dryRun, preflightOnly, resources } = sync ?? {}
  return {
    isRunning: isUnderWay(application) && sync !== undefined && !dryRun && !preflightOnly,
    asked: resources?.length ? new Set(resources.map(resourceParameter)) : undefined,
    reached: new Map(results.map((one) => [resourceParameter(one), reachedBy(one)])),
    hooks: new Map(
      results.flatMap((one) =>
        one.hookType
          ? [[resourceParameter(one), { type: one.syncPhase ?? one.hookType, phase: one.hookPhase }] as const]
          : [],
      ),
    ),
  }
}

function reachedBy({ status, hookPhase }: Result): Progress {
  if (status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error') return 'failed'
  return hookPhase === 'Running' || hookPhase === 'Terminating' ? 'running' : 'done'
}

/** Of one object; undefined when no sync is about it. */
export function progressOf(
  { isRunning, asked, reached }: SyncProgress,
  id: string,
  status: ResourceStatus | undefined,
): Progress | undefined {
  if (!isRunning) return undefined
  const known = reached.get(id)
  if (known) return known
  if (!status || (asked && !asked.has(id))) return undefined
  return 'waiting'
}
