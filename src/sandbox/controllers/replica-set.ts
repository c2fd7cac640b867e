/** ReplicaSet: as many pods as asked for. */
import { timestamp } from './clock.ts'
import { withCondition, withoutCondition } from './conditions.ts'
import type { ControllerContext } from './context.ts'
import { splitKey } from './informer.ts'
import { omitZero } from './omit-zero.ts'
import { claimChildren } from './owner.ts'
import { queueOwners } from './owner-events.ts'
import { createPod, deletePod } from './pod-maker.ts'
import { isActive, isReady, leastMissedFirst, untilAvailable } from './pod-state.ts'
import { selects } from './selector.ts'
import { writeStatus } from './status-writer.ts'
import type { Condition, Pod, ReplicaSet } from './workload.ts'

const component = 'replicaset-controller'
/** How many pods one look makes or takes away before others have their turn. */
const burst = 100

interface Outcome {
  failure?: Error
  /** More is to be done than one look may do. */
  more: boolean
}

function balance(context: ControllerContext, set: ReplicaSet, pods: Pod[]): Outcome {
  const active = pods.filter(isActive)
  const missing = (set.spec.replicas ?? 1) - active.length
  const now = Math.min(Math.abs(missing), burst)
  try {
    if (missing > 0) {
      for (let made = 0; made < now; made++) createPod(context, { owner: set, template: set.spec.template, component })
    } else {
      for (const pod of active.sort(leastMissedFirst).slice(0, now)) deletePod(context, pod, { owner: set, component })
    }
  } catch (failure) {
    return { more: false, failure: failure instanceof Error ? failure : new Error(String(failure)) }
  }
  return { more: Math.abs(missing) > burst }
}

function failureConditions(conditions: Condition[], now: string, failure: Error | undefined): Condition[] {
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure')
  return withCondition(conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: now,
    reason: 'FailedCreate',
    message: failure.message,
  })
}

function statusOf(set: ReplicaSet, pods: Pod[], { now, failure }: { now: number; failure?: Error }) {
  const active = pods.filter(isActive)
  const selector = { matchLabels: set.spec.template.metadata?.labels ?? {} }
  const minReady = set.spec.minReadySeconds ?? 0
  return omitZero(
    {
      replicas: active.length,
      fullyLabeledReplicas: active.filter((pod) => selects(selector, pod.metadata.labels)).length,
      readyReplicas: active.filter(isReady).length,
      availableReplicas: active.filter((pod) => untilAvailable(pod, minReady, now) === 0).length,
      terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      observedGeneration: set.metadata.generation,
      conditions: failureConditions(set.status?.conditions ?? [], timestamp(now), failure),
    },
    ['replicas', 'terminatingReplicas'],
  )
}

/** Milliseconds until the next ready pod becomes available. */
export function nextAvailable(pods: Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.map((pod) => untilAvailable(pod, minReadySeconds, now)).filter((wait) => wait !== undefined)
  const coming = waits.filter((wait) => wait > 0)
  return coming.length > 0 ? Math.min(...coming) : undefined
}

export function startReplicaSets(context: ControllerContext): void {
  const { client, clock, informers } = context
  const { replicaSets, pods } = informers

  const queue = context.queues.queue((key) => {
    const set = replicaSets.get(...splitKey(key))
    if (!set) return
    const claim = { owner: set, selector: set.spec.selector, children: pods }
    const owned = claimChildren(client, claim)
    const { failure, more } = set.metadata.deletionTimestamp ? { more: false } : balance(context, set, owned)
    const after = pods.ownedBy(set.metadata.uid ?? '')
    const now = clock.now()
    writeStatus(client, replicaSets.resource, { object: set, status: statusOf(set, after, { now, failure }) })
    if (more) queue.add(key)
    const wait = nextAvailable(after, set.spec.minReadySeconds ?? 0, now)
    if (wait !== undefined) queue.addAfter(key, wait)
    if (failure) throw failure
  })
  queueOwners(queue, { kind: 'ReplicaSet', owners: replicaSets, children: [pods] })
}
