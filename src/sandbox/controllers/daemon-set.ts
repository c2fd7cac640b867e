/** DaemonSet: one pod on every node that is meant. */
import type { ControllerContext } from './context.ts'
import { isWanted, nodeOf, podSpecFor } from './daemon-pods.ts'
import { keyOf, splitKey } from './informer.ts'
import { omitZero } from './omit-zero.ts'
import { claimChildren } from './owner.ts'
import { queueOwners } from './owner-events.ts'
import { createPod, deletePod } from './pod-maker.ts'
import { isActive, isFinished, isReady, untilAvailable } from './pod-state.ts'
import { nextAvailable } from './replica-set.ts'
import { revisionData, syncRevision, trimRevisions } from './revision-history.ts'
import { resolve } from './rollout-size.ts'
import { writeStatus } from './status-writer.ts'
import { templateHash } from './template-hash.ts'
import type { DaemonSet, Pod } from './workload.ts'

const component = 'daemonset-controller'
const hashLabel = 'controller-revision-hash'
const generationAnnotation = 'deprecated.daemonset.template.generation'

/** What a look at a DaemonSet finds. */
interface Scene {
  set: DaemonSet
  hash: string
  /** The names of the nodes that are to have a pod. */
  wanted: Set<string>
  now: number
}

function byNode(pods: Pod[]): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>()
  for (const pod of pods) {
    const node = nodeOf(pod) ?? ''
    found.set(node, [...(found.get(node) ?? []), pod])
  }
  return found
}

function place(context: ControllerContext, { set, hash, wanted }: Scene, pods: Pod[]): void {
  const placed = byNode(pods)
  const by = { owner: set, component }
  for (const [node, there] of placed) {
    const failed = there.filter((pod) => isFinished(pod) && !pod.metadata.deletionTimestamp)
    for (const pod of failed) {
      const message = `Found failed daemon pod ${keyOf(pod)} on node ${node}, will try to kill it`
      context.events.record(component, set, { type: 'Warning', reason: 'FailedDaemonPod', message })
      deletePod(context, pod, by)
    }
    const surplus = there.filter(isActive).slice(wanted.has(node) ? 1 : 0)
    for (const pod of surplus) deletePod(context, pod, by)
  }
  const generation = set.metadata.annotations?.[generationAnnotation]
  const labels = { [hashLabel]: hash, ...(generation && { 'pod-template-generation': generation }) }
  // A node whose old pod still stops gets its new one when that is gone
  for (const node of [...wanted].filter((name) => (placed.get(name) ?? []).length === 0)) {
    const { template } = set.spec
    createPod(context, { owner: set, template, component, metadata: { labels }, spec: podSpecFor(set, node) })
  }
}

function isUpdated({ metadata }: Pod, hash: string): boolean {
  return metadata.labels?.[hashLabel] === hash
}

/** Takes away pods of old templates, as many as may be missing at a time; those that do not run go first. */
function rollUpdate(context: ControllerContext, { set, hash, wanted, now }: Scene, pods: Pod[]): void {
  const { maxUnavailable, maxSurge } = set.spec.updateStrategy?.rollingUpdate ?? {}
  const allowed = Math.max(
    1,
    resolve(maxUnavailable ?? 1, wanted.size, Math.ceil),
    resolve(maxSurge ?? 0, wanted.size, Math.ceil),
  )
  const minReady = set.spec.minReadySeconds ?? 0
  const isUp = (pod: Pod) => isActive(pod) && untilAvailable(pod, minReady, now) === 0
  const old = pods.filter((pod) => isActive(pod) && !isUpdated(pod, hash))
  const down = old.filter((pod) => !isUp(pod))
  const upCount = pods.filter((pod) => isUp(pod) && wanted.has(nodeOf(pod) ?? '')).length
  const budget = Math.max(0, allowed - (wanted.size - upCount))
  for (const pod of [...down, ...old.filter(isUp).slice(0, budget)]) deletePod(context, pod, { owner: set, component })
}

function statusOf({ set, hash, wanted, now }: Scene, pods: Pod[]): DaemonSet['status'] {
  const active = pods.filter(isActive)
  const onWanted = active.filter((pod) => wanted.has(nodeOf(pod) ?? ''))
  const minReady = set.spec.minReadySeconds ?? 0
  const available = onWanted.filter((pod) => untilAvailable(pod, minReady, now) === 0).length
  return omitZero(
    {
      currentNumberScheduled: onWanted.length,
      numberMisscheduled: active.length - onWanted.length,
      desiredNumberScheduled: wanted.size,
      numberReady: onWanted.filter(isReady).length,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: onWanted.filter((pod) => isUpdated(pod, hash)).length,
      numberAvailable: available,
      numberUnavailable: wanted.size - available,
      collisionCount: set.status?.collisionCount,
    },
    ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'],
  )
}

export function startDaemonSets(context: ControllerContext): void {
  const { client, clock, informers, queues } = context
  const { daemonSets, nodes, pods } = informers

  function revisionOf(set: DaemonSet): string {
    const { template } = set.spec
    const hash = templateHash(template, set.status?.collisionCount)
    const name = `${set.metadata.name}-${hash}`
    const labels = { ...template.metadata?.labels, [hashLabel]: hash }
    const revision = syncRevision(context, { owner: set, data: revisionData(template), name, labels })
    return revision.metadata.labels?.[hashLabel] ?? hash
  }

  const queue = queues.queue((key) => {
    const set = daemonSets.get(...splitKey(key))
    if (!set || set.metadata.deletionTimestamp) return
    const owned = claimChildren(client, { owner: set, selector: set.spec.selector, children: pods })
    const wanted = [...nodes.all()].filter((node) => isWanted(set, node)).map(({ metadata }) => metadata.name ?? '')
    const scene = { set, hash: revisionOf(set), wanted: new Set(wanted), now: clock.now() }
    let failure: unknown
    const current = () => pods.ownedBy(set.metadata.uid ?? '')
    try {
      place(context, scene, owned)
      if (set.spec.updateStrategy?.type !== 'OnDelete') rollUpdate(context, scene, current())
    } catch (error) {
      failure = error
    }
    const after = current()
    writeStatus(client, daemonSets.resource, { object: set, status: statusOf(scene, after) })
    const live = new Set([scene.hash, ...after.map(({ metadata }) => metadata.labels?.[hashLabel] ?? '')])
    const names = new Set([...live].map((hash) => `${set.metadata.name}-${hash}`))
    trimRevisions(context, set, { live: names, limit: set.spec.revisionHistoryLimit })
    const wait = nextAvailable(after, set.spec.minReadySeconds ?? 0, scene.now)
    if (wait !== undefined) queue.addAfter(key, wait)
    if (failure) throw failure
  })
  queueOwners(queue, { kind: 'DaemonSet', owners: daemonSets, children: [pods] })
  nodes.onChange(() => {
    for (const set of daemonSets.all()) queue.add(keyOf(set))
  })
}
