/** Deployment: rolls its template out over ReplicaSets, one revision each. */
import { deepEqual } from 'fast-equals'
import { withCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'
import { wasScaled } from './deployment-revision.ts'
import { countStatus, isComplete, pauseCondition, rolloutStatus, trimStatus, untilStuck } from './deployment-status.ts'
import { splitKey } from './informer.ts'
import { claimChildren } from './owner.ts'
import { queueOwners } from './owner-events.ts'
import { isFinished } from './pod-state.ts'
import { Rollout } from './rollout.ts'
import { availableOf, boundsOf, desiredOf, newSize, proportionalSizes } from './rollout-size.ts'
import type { Deployment, DeploymentStatus } from './workload.ts'

/** Deployment paused or just scaled: sizes follow, the template waits. */
function scaleInPlace(rollout: Rollout): void {
  const { deployment, active, sets } = rollout
  const replicas = deployment.spec.replicas ?? 1
  const latest = active.length === 0 ? (sets.new ?? sets.old.at(-1)) : active.length === 1 ? active[0] : undefined
  if (latest) {
    if (latest.spec.replicas !== replicas) rollout.scale(latest, replicas)
    return
  }
  const saturated =
    sets.new && sets.new.spec.replicas === replicas && (sets.new.status?.availableReplicas ?? 0) === replicas
  if (saturated) {
    for (const set of sets.old) rollout.scale(set, 0)
  } else if (deployment.spec.strategy?.type !== 'Recreate') {
    for (const [set, size] of proportionalSizes(deployment, active)) rollout.scale(set, size)
  }
}

function growNew(rollout: Rollout): boolean {
  const { deployment, all, sets } = rollout
  if (!sets.new) return false
  const current = sets.new.spec.replicas ?? 0
  const replicas = deployment.spec.replicas ?? 1
  if (current === replicas) return false
  return rollout.scale(sets.new, current > replicas ? replicas : newSize(deployment, all, current))
}

/** Takes pods from the old ReplicaSets, first those that are not available anyway; true when any was. */
function shrinkOld(rollout: Rollout): boolean {
  const { deployment, sets } = rollout
  const minAvailable = (deployment.spec.replicas ?? 1) - boundsOf(deployment).maxUnavailable
  const newUnavailable = desiredOf([sets.new]) - availableOf([sets.new])
  let spare = desiredOf(rollout.all) - minAvailable - newUnavailable
  const before = desiredOf(sets.old)
  for (const set of sets.old) {
    const size = set.spec.replicas ?? 0
    const broken = Math.min(spare, size - (set.status?.availableReplicas ?? 0))
    if (broken > 0) rollout.scale(set, size - broken)
    spare -= Math.max(0, broken)
  }
  let removable = Math.min(spare, availableOf(rollout.all) - minAvailable)
  for (const set of rollout.sets.old) {
    const taken = Math.min(removable, set.spec.replicas ?? 0)
    if (taken > 0) rollout.scale(set, (set.spec.replicas ?? 0) - taken)
    removable -= Math.max(0, taken)
  }
  return desiredOf(rollout.sets.old) < before
}

function rollGradually(rollout: Rollout): void {
  rollout.syncNew(true)
  if (!growNew(rollout)) shrinkOld(rollout)
}

function oldPodsRun({ context, sets }: Rollout): boolean {
  return sets.old.some((set) => context.informers.pods.ownedBy(set.metadata.uid ?? '').some((pod) => !isFinished(pod)))
}

function rollAtOnce(rollout: Rollout): void {
  rollout.syncNew(false)
  const shrunk = rollout.sets.old.filter((set) => (set.spec.replicas ?? 0) > 0 && rollout.scale(set, 0))
  if (shrunk.length > 0 || oldPodsRun(rollout)) return
  rollout.syncNew(true)
  growNew(rollout)
}

function advance(rollout: Rollout, now: number): DeploymentStatus {
  const { spec } = rollout.deployment
  if (spec.paused || wasScaled(rollout.deployment, rollout.active)) {
    rollout.syncNew(false)
    scaleInPlace(rollout)
    if (spec.paused) rollout.trimHistory()
    return countStatus(rollout.deployment, rollout.sets, now)
  }
  if (spec.strategy?.type === 'Recreate') rollAtOnce(rollout)
  else rollGradually(rollout)
  if (isComplete(rollout.deployment, countStatus(rollout.deployment, rollout.sets, now))) rollout.trimHistory()
  return rolloutStatus(rollout.deployment, rollout.sets, now)
}

function withPause(deployment: Deployment, now: number): Deployment {
  const condition = pauseCondition(deployment, now)
  if (!condition) return deployment
  const conditions = withCondition(deployment.status?.conditions ?? [], condition)
  return { ...deployment, status: { ...deployment.status, conditions } }
}

export function startDeployments(context: ControllerContext): void {
  const { client, clock, informers } = context
  const { deployments, replicaSets } = informers

  function look(stored: Deployment, now: number): DeploymentStatus {
    const sets = claimChildren(client, { owner: stored, selector: stored.spec.selector, children: replicaSets })
    const rollout = new Rollout(context, withPause(stored, now), sets)
    const going = stored.metadata.deletionTimestamp !== undefined
    const status = trimStatus(going ? countStatus(stored, rollout.sets, now) : advance(rollout, now))
    const changed = !deepEqual(status, stored.status ?? {}) || rollout.deployment.metadata !== stored.metadata
    if (changed) client.updateStatus(deployments.resource, { ...rollout.deployment, status })
    return status
  }

  const queue = context.queues.queue((key) => {
    const deployment = deployments.get(...splitKey(key))
    if (!deployment) return
    const now = clock.now()
    const status = look(deployment, now)
    const wait = untilStuck(deployment, status, now)
    // A whole second later, since times are written in seconds
    if (wait !== undefined) queue.addAfter(key, Math.max(0, wait) + 1000)
  })
  queueOwners(queue, { kind: 'Deployment', owners: deployments, children: [replicaSets] })
}
