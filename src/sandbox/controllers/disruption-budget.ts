/** PodDisruptionBudget: how many of its pods may be taken away just now. */

import type { KubeObject } from '../object.ts'
import { timestamp } from './clock.ts'
import type { ControllerContext } from './context.ts'
import { keyOf, splitKey, startInformer } from './informer.ts'
import { controllerOf } from './owner.ts'
import { conditionOf, isActive, isReady } from './pod-state.ts'
import { resolve } from './rollout-size.ts'
import type { LabelSelector } from './selector.ts'
import { SelectorIndex } from './selector-index.ts'
import { writeStatus } from './status-writer.ts'
import type { Condition, IntOrString, Pod } from './workload.ts'

const budgets = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' }

interface Budget extends KubeObject {
  spec: { minAvailable?: IntOrString; maxUnavailable?: IntOrString; selector?: LabelSelector }
  status?: { conditions?: Condition[]; [field: string]: unknown }
}

/** How many pods the owners of the selected ones mean to have. */
function expectedPods({ informers }: ControllerContext, pods: Pod[]): number {
  const counts = new Map<string, number>()
  let free = 0
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (!owner) {
      free += 1
      continue
    }
    const { namespace } = pod.metadata
    const sized =
      owner.kind === 'ReplicaSet'
        ? informers.replicaSets.get(namespace, owner.name)
        : owner.kind === 'StatefulSet'
          ? informers.statefulSets.get(namespace, owner.name)
          : undefined
    const parent = sized && controllerOf(sized)
    const whole = parent?.kind === 'Deployment' ? informers.deployments.get(namespace, parent.name) : sized
    const uid = whole?.metadata.uid ?? owner.uid
    counts.set(uid, whole ? (whole.spec.replicas ?? 1) : (counts.get(uid) ?? 0) + 1)
  }
  return [...counts.values()].reduce((sum, count) => sum + count, free)
}

function desiredHealthy({ spec }: Budget, expected: number): number {
  if (spec.maxUnavailable !== undefined)
    return Math.max(0, expected - resolve(spec.maxUnavailable, expected, Math.ceil))
  return resolve(spec.minAvailable ?? 0, expected, Math.ceil)
}

function statusOf(budget: Budget, pods: Pod[], { expected, now }: { expected: number; now: string }): Budget['status'] {
  const healthy = pods.filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp).length
  const desired = desiredHealthy(budget, expected)
  const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0
  const status = allowed > 0 ? 'True' : 'False'
  const before = conditionOf(budget.status?.conditions, 'DisruptionAllowed')
  const { generation } = budget.metadata
  return {
    observedGeneration: generation,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status,
        observedGeneration: generation,
        lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      },
    ],
  }
}

export function startDisruptionBudgets(context: ControllerContext): () => void {
  const { client, clock, events, informers } = context
  const known = startInformer<Budget>(client, budgets)

  const queue = context.queues.queue((key) => {
    const budget = known.get(...splitKey(key))
    if (!budget || budget.metadata.deletionTimestamp) return
    const { namespace = '' } = budget.metadata
    const pods = budget.spec.selector ? informers.pods.selected(namespace, budget.spec.selector).filter(isActive) : []
    if (pods.length === 0 && !budget.status?.conditions) {
      events.record('controllermanager', budget, { reason: 'NoPods', message: 'No matching pods found' })
    }
    const expected = expectedPods(context, pods)
    const status = statusOf(budget, pods, { expected, now: timestamp(clock.now()) })
    writeStatus(client, budgets, { object: budget, status })
  })

  const index = new SelectorIndex<Budget>(({ spec }) => spec.selector)
  known.onChange((now, old) => {
    index.note(now, old)
    if (now) queue.add(keyOf(now))
  })
  informers.pods.onChange((now, old) => {
    const pod = now ?? old
    if (!pod || (now && old && isReady(now) === isReady(old) && isActive(now) === isActive(old))) return
    for (const key of index.keysFor(pod)) queue.add(key)
  })
  return known.stop
}
