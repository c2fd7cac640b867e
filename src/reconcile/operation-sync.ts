/** One try of an operation: what was seen becomes a plan, and the plan is carried out. */
import {
  type Application,
  annotation,
  describeKey,
  keyOf,
  keyText,
  type OperationState,
  type ResourceResult,
} from '../model/index.ts'
import { failsOnShared, planSync, runSync, type SyncOutcome, type SyncPlan } from '../sync/index.ts'
import { guardedCluster } from './acting-cluster.ts'
import type { Pair } from './compare.ts'
import { isConfirmed } from './confirmation.ts'
import type { Observation } from './observe.ts'
import { loggedClient, operationFields } from './operation-log.ts'
import { operationSources } from './operation-state.ts'
import { objectPermission } from './project.ts'
import { respectIgnored } from './respect-ignored.ts'
import type { WriteGuard } from './share.ts'
import type { Cluster, Stages } from './stages.ts'
import { markFor, readFrom } from './sync-view.ts'

export interface OperationTry {
  application: Application
  instance: string
  state: OperationState
  /** When the operation before began: pruning that it has left for lack of confirmation may be confirmed since. */
  startedBefore?: string
  stages: Stages
  /** Why no sync may run at present. */
  blocked(): string | undefined
  /** Resolves when something of the application may have changed, at the latest after the time given. */
  changed(ms: number, signal: AbortSignal): Promise<void>
  onProgress(results: ResourceResult[], message: string): Promise<void>
  /** The process ends, or the application is somebody else's. */
  stopping: AbortSignal
  /** Why nothing may be written for the operation any more; asked as each write leaves. */
  guard?: WriteGuard
  terminating: AbortSignal
}

export async function trySync(attempt: OperationTry, observation: Observation, cluster: Cluster): Promise<SyncOutcome> {
  const { application, state, stages, stopping } = attempt
  const { operation, startedAt, syncResult, retryCount = 0 } = state
  const shared = sharedRefusal(attempt, observation)
  if (shared) return { phase: 'Failed', message: shared, results: [] }
  const permission = objectPermission(application, {
    cluster,
    stages,
    sources: operationSources(operation, application),
  })
  const fields = operationFields(attempt.instance, state)
  return runSync({
    plan: await planFor(attempt, observation, cluster),
    // What a window stops may still tidy up after itself.
    refusal: ({ target, phase }) => permission(target) ?? (phase === 'SyncFail' ? undefined : attempt.blocked()),
    client: loggedClient(guardedCluster(cluster, attempt.guard).client, fields, stages.log),
    live: { read: readFrom(cluster), changed: attempt.changed },
    ...(syncResult?.resources && { previous: syncResult.resources }),
    health: stages.health.assess,
    onProgress: attempt.onProgress,
    // Each attempt is one of its own, so that the hooks of the one before are not taken for its own.
    operationId: `${startedAt}/${retryCount}`,
    waveDelayMs: stages.settings.syncWaveDelayMs,
    tracer: stages.tracer,
    signal: stopping,
    terminate: attempt.terminating,
  })
}

/** Why a sync must not touch anything: another application has one of the objects, and the options forbid that. */
export function sharedRefusal(
  attempt: Pick<OperationTry, 'application' | 'state'>,
  { resources }: Observation,
): string | undefined {
  const shared = resources.find(({ owner }) => owner !== undefined)
  if (!shared || !failsOnShared(syncOptionsOf(attempt))) return undefined
  return `Shared resource found: ${describeKey(shared.key)} belongs to application ${shared.owner} already`
}

function syncOptionsOf({ application, state }: Pick<OperationTry, 'application' | 'state'>): string[] {
  return state.operation.sync?.syncOptions ?? application.spec.syncPolicy?.syncOptions ?? []
}

type Planned = Pick<OperationTry, 'application' | 'instance' | 'state' | 'startedBefore' | 'stages' | 'stopping'>

export async function planFor(attempt: Planned, observation: Observation, cluster: Cluster): Promise<SyncPlan> {
  const { application, instance, state, stages, startedBefore, stopping } = attempt
  const { operation, startedAt } = state
  const { resources, rendered } = observation
  const { destination, syncPolicy } = application.spec
  const syncOptions = syncOptionsOf(attempt)
  const read = ({ key, version }: Pair) => cluster.client.get({ ...key, version }, stopping)
  const manifests = await respectIgnored(observation, { syncOptions, read })
  const left = new Set(resources.filter(({ owner }) => owner !== undefined).map(({ key }) => keyText(key)))
  const deviating = new Set(resources.filter(({ verdict }) => verdict.kind !== 'synced').map(({ key }) => keyText(key)))
  const namespace = cluster.live.get({ group: '', kind: 'Namespace', namespace: '', name: destination.namespace ?? '' })
  const migrationManager = application.metadata.annotations?.[annotation.migrationManager]
  return planSync({
    instanceName: instance,
    instanceOf: stages.instanceOf,
    mark: markFor(instance, cluster, stages),
    manifests: manifests.filter(({ object }) => !left.has(keyText(keyOf(object)))),
    live: [...resources.map(({ live }) => live), namespace].flatMap((live) => (live ? [live.object] : [])),
    operation: operation.sync ?? {},
    syncOptions,
    ...(destination.namespace && { destinationNamespace: destination.namespace }),
    ...(syncPolicy?.managedNamespaceMetadata && { managedNamespaceMetadata: syncPolicy.managedNamespaceMetadata }),
    revision: rendered?.revisions[0] ?? '',
    startedAt,
    isOutOfSync: (key) => deviating.has(keyText(key)),
    pruneConfirmed: isConfirmed(application, startedBefore ?? startedAt),
    ...(migrationManager && { migrationManager }),
  })
}
