/** A Deployment's status: counts, availability, and whether its rollout moves. */
import { timestamp } from './clock.ts'
import { withCondition, withoutCondition } from './conditions.ts'
import { omitZero } from './omit-zero.ts'
import { conditionOf } from './pod-state.ts'
import { availableOf, boundsOf } from './rollout-size.ts'
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from './workload.ts'

export interface RolloutSets {
  new?: ReplicaSet
  old: ReplicaSet[]
}

/** math.MaxInt32 stands for no deadline. */
function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== 2 ** 31 - 1
}

export function progressing(status: string, reason: string, { message, now }: { message: string; now: number }) {
  const at = timestamp(now)
  return { type: 'Progressing', status, lastUpdateTime: at, lastTransitionTime: at, reason, message }
}

function availability(isAvailable: boolean, now: number): Condition {
  const at = timestamp(now)
  return {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    lastUpdateTime: at,
    lastTransitionTime: at,
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
  }
}

function sum(sets: ReplicaSet[], field: 'replicas' | 'readyReplicas' | 'terminatingReplicas'): number {
  return sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0)
}

export function countStatus(deployment: Deployment, sets: RolloutSets, now: number): DeploymentStatus {
  const all = sets.new ? [...sets.old, sets.new] : sets.old
  const replicas = sum(all, 'replicas')
  const available = availableOf(all)
  const needed = (deployment.spec.replicas ?? 1) - boundsOf(deployment).maxUnavailable
  return {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: sets.new?.status?.replicas ?? 0,
    readyReplicas: sum(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicas - available),
    terminatingReplicas: sum(all, 'terminatingReplicas'),
    collisionCount: deployment.status?.collisionCount,
    conditions: withCondition(deployment.status?.conditions ?? [], availability(available >= needed, now)),
  }
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = deployment.spec.replicas ?? 1
  return (
    [status.updatedReplicas, status.replicas, status.availableReplicas].every((count) => (count ?? 0) === wanted) &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldPods = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldPods(after) < oldPods(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** Milliseconds until the rollout counts as stuck; undefined when it cannot be. */
export function untilStuck(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const current = conditionOf(status.conditions, 'Progressing')
  if (!hasDeadline(deployment) || !current || deployment.spec.paused) return undefined
  if (current.reason === 'NewReplicaSetAvailable' || current.reason === 'ProgressDeadlineExceeded') return undefined
  const from = Date.parse(current.lastUpdateTime ?? current.lastTransitionTime ?? '')
  return from + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 - now
}

function progress(deployment: Deployment, sets: RolloutSets, options: { status: DeploymentStatus; now: number }) {
  const { status, now } = options
  const conditions = status.conditions ?? []
  const current = conditionOf(conditions, 'Progressing')
  const wasComplete = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable'
  if (wasComplete) return conditions
  const subject = sets.new ? `ReplicaSet "${sets.new.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`
    return withCondition(conditions, progressing('True', 'NewReplicaSetAvailable', { message, now }))
  }
  if (hasMoved(deployment.status ?? {}, status)) {
    const next = progressing('True', 'ReplicaSetUpdated', { message: `${subject} is progressing.`, now })
    const kept = current?.status === 'True' ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
    return [...withoutCondition(conditions, 'Progressing'), kept]
  }
  const left = untilStuck(deployment, status, now)
  if (left !== undefined && left < 0) {
    const message = `${subject} has timed out progressing.`
    return withCondition(conditions, progressing('False', 'ProgressDeadlineExceeded', { message, now }))
  }
  return conditions
}

function failure(sets: RolloutSets): Condition | undefined {
  const all = [...(sets.new ? [sets.new] : []), ...sets.old]
  const found = all.map((set) => conditionOf(set.status?.conditions, 'ReplicaFailure')).find(Boolean)
  return found && { ...found, lastUpdateTime: found.lastTransitionTime ?? undefined }
}

/** The whole status of a Deployment whose rollout is under way or done. */
export function rolloutStatus(deployment: Deployment, sets: RolloutSets, now: number): DeploymentStatus {
  const status = countStatus(deployment, sets, now)
  const conditions = hasDeadline(deployment)
    ? progress(deployment, sets, { status, now })
    : withoutCondition(status.conditions ?? [], 'Progressing')
  const failed = failure(sets)
  return {
    ...status,
    conditions: failed ? withCondition(conditions, failed) : withoutCondition(conditions, 'ReplicaFailure'),
  }
}

/** The condition that tells of a pause, or of its end; undefined when neither has just come. */
export function pauseCondition(deployment: Deployment, now: number): Condition | undefined {
  const current = conditionOf(deployment.status?.conditions, 'Progressing')
  if (!hasDeadline(deployment) || current?.reason === 'ProgressDeadlineExceeded') return undefined
  const wasPaused = current?.reason === 'DeploymentPaused'
  if (deployment.spec.paused && !wasPaused) {
    return progressing('Unknown', 'DeploymentPaused', { message: 'Deployment is paused', now })
  }
  if (!deployment.spec.paused && wasPaused) {
    return progressing('Unknown', 'DeploymentResumed', { message: 'Deployment is resumed', now })
  }
  return undefined
}

/** Go's omitempty on a DeploymentStatus: only terminatingReplicas and collisionCount are pointers. */
export function trimStatus(status: DeploymentStatus): DeploymentStatus {
  return omitZero(status, ['terminatingReplicas', 'collisionCount'])
}
