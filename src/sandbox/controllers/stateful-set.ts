/** StatefulSet: numbered pods, each with its own claims, made and replaced in order. */
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { splitKey } from './informer.ts'
import { omitZero } from './omit-zero.ts'
import { claimChildren, ownerReference } from './owner.ts'
import { queueOwners } from './owner-events.ts'
import { isActive, isFinished, isReady, untilAvailable } from './pod-state.ts'
import { nextAvailable } from './replica-set.ts'
import { revisionData, syncRevision, trimRevisions } from './revision-history.ts'
import { claimsOf, identityOf, isHealthy, ordinalOf, podName, revisionOfPod } from './stateful-pods.ts'
import { writeStatus } from './status-writer.ts'
import { shortHash } from './template-hash.ts'
import type { ControllerRevision, Pod, PodTemplate, StatefulSet } from './workload.ts'

const component = 'statefulset-controller'

interface Revisions {
  current: ControllerRevision
  update: ControllerRevision
}

/** One look at one StatefulSet; each step returns true when the look must end there. */
class Look {
  readonly #context: ControllerContext
  readonly #set: StatefulSet
  readonly #revisions: Revisions

  constructor(context: ControllerContext, set: StatefulSet, revisions: Revisions) {
    this.#context = context
    this.#set = set
    this.#revisions = revisions
  }

  get #inOrder(): boolean {
    return this.#set.spec.podManagementPolicy !== 'Parallel'
  }

  get #first(): number {
    return this.#set.spec.ordinals?.start ?? 0
  }

  get #end(): number {
    return this.#first + (this.#set.spec.replicas ?? 1)
  }

  pods(): Pod[] {
    const owned = this.#context.informers.pods.ownedBy(this.#set.metadata.uid ?? '')
    return owned.sort((a, b) => ordinalOf(a) - ordinalOf(b))
  }

  run(): void {
    if (this.#fill() || this.#condemn()) return
    if (this.#set.spec.updateStrategy?.type !== 'OnDelete') this.#replaceOld()
  }

  #fill(): boolean {
    const byOrdinal = new Map(this.pods().map((pod) => [ordinalOf(pod), pod]))
    for (let ordinal = this.#first; ordinal < this.#end; ordinal++) {
      const pod = byOrdinal.get(ordinal)
      if (pod && isFinished(pod) && !pod.metadata.deletionTimestamp) this.#delete(pod)
      const isMissing = !pod || (isFinished(pod) && !this.#isThere(pod))
      if (isMissing) this.#create(ordinal)
      if (this.#inOrder && (isMissing || !isHealthy(pod) || !this.#isAvailable(pod))) return true
    }
    return false
  }

  #isThere({ metadata }: Pod): boolean {
    return this.#context.informers.pods.get(metadata.namespace, metadata.name ?? '') !== undefined
  }

  #isAvailable(pod: Pod): boolean {
    return untilAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#context.clock.now()) === 0
  }

  /** Takes away pods beyond the wanted ones, the last first. */
  #condemn(): boolean {
    const extra = this.pods().filter((pod) => ordinalOf(pod) < this.#first || ordinalOf(pod) >= this.#end)
    for (const pod of extra.reverse()) {
      if (!pod.metadata.deletionTimestamp) this.#delete(pod)
      if (this.#inOrder) return true
    }
    return false
  }

  /** Replaces pods of an old revision, the last first, down to the partition, and waits for each. */
  #replaceOld(): void {
    const partition = this.#first + (this.#set.spec.updateStrategy?.rollingUpdate?.partition ?? 0)
    for (const pod of this.pods().reverse()) {
      if (ordinalOf(pod) < partition) return
      if (pod.metadata.deletionTimestamp) return
      if (revisionOfPod(pod) !== this.#revisions.update.metadata.name) {
        this.#delete(pod)
        return
      }
      if (!isHealthy(pod)) return
    }
  }

  /** Below the partition pods are made again as they were. */
  #templateFor(ordinal: number): { template: PodTemplate; revision: string } {
    const { current, update } = this.#revisions
    const { partition } = this.#set.spec.updateStrategy?.rollingUpdate ?? {}
    const { currentReplicas } = this.#set.status ?? {}
    const kept = partition || Number(currentReplicas ?? 0)
    const isOld = this.#set.spec.updateStrategy?.type !== 'OnDelete' && ordinal < this.#first + kept
    const revision = current !== update && isOld ? current : update
    const { $patch: _, ...template } = (revision.data as { spec: { template: PodTemplate & { $patch?: string } } }).spec
      .template
    return {
      template: revision === update ? this.#set.spec.template : template,
      revision: revision.metadata.name ?? '',
    }
  }

  #create(ordinal: number): void {
    const name = podName(this.#set, ordinal)
    for (const claim of claimsOf(this.#set, name)) this.#createClaim(claim, name)
    const chosen = this.#templateFor(ordinal)
    const { metadata, spec } = identityOf(this.#set, ordinal, chosen)
    const { annotations } = chosen.template.metadata ?? {}
    const { client, informers } = this.#context
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        generateName: `${this.#set.metadata.name}-`,
        namespace: this.#set.metadata.namespace,
        ...(annotations && { annotations }),
        ownerReferences: [ownerReference(this.#set)],
      },
      spec: { ...chosen.template.spec, ...spec },
    }
    const subject = `Pod ${name} in StatefulSet ${this.#set.metadata.name}`
    this.#attempt(() => client.create(informers.pods.resource, pod), {
      good: { reason: 'SuccessfulCreate', message: `Create ${subject} successful` },
      bad: { reason: 'FailedCreate', message: `Create ${subject} failed error: ` },
    })
  }

  #createClaim(claim: KubeObject, pod: string): void {
    const { client, informers } = this.#context
    const { namespace, name = '' } = claim.metadata
    if (informers.claims.get(namespace, name)) return
    const subject = `Claim ${name} Pod ${pod} in StatefulSet ${this.#set.metadata.name}`
    this.#attempt(() => client.create(informers.claims.resource, claim), {
      good: { reason: 'SuccessfulCreate', message: `Create ${subject} success` },
      bad: { reason: 'FailedCreate', message: `Create ${subject} failed error: ` },
    })
  }

  #delete(pod: Pod): void {
    const { client, informers } = this.#context
    const subject = `Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name}`
    this.#attempt(() => client.delete(referenceTo(informers.pods.resource, pod)), {
      good: { reason: 'SuccessfulDelete', message: `Delete ${subject} successful` },
      bad: { reason: 'FailedDelete', message: `Delete ${subject} failed error: ` },
    })
  }

  #attempt(write: () => unknown, texts: Record<'good' | 'bad', { reason: string; message: string }>): void {
    const { events } = this.#context
    try {
      write()
      events.record(component, this.#set, texts.good)
    } catch (error) {
      if (error instanceof StatusError) {
        const message = texts.bad.message + error.message
        events.record(component, this.#set, { type: 'Warning', reason: texts.bad.reason, message })
      }
      throw error
    }
  }
}

function statusOf(set: StatefulSet, pods: Pod[], { current, update }: Revisions, now: number): StatefulSet['status'] {
  const replicas = set.spec.replicas ?? 1
  const minReady = set.spec.minReadySeconds ?? 0
  const running = pods.filter(isActive)
  const ofRevision = ({ metadata }: ControllerRevision) =>
    running.filter((pod) => revisionOfPod(pod) === metadata.name).length
  const counts = {
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => untilAvailable(pod, minReady, now) === 0).length,
    currentReplicas: ofRevision(current),
    updatedReplicas: ofRevision(update),
  }
  const isRolled = [counts.updatedReplicas, counts.readyReplicas, counts.replicas].every((count) => count === replicas)
  const hasRolled = isRolled && set.spec.updateStrategy?.type !== 'OnDelete'
  return omitZero(
    {
      observedGeneration: set.metadata.generation,
      ...counts,
      currentReplicas: hasRolled ? counts.updatedReplicas : counts.currentReplicas,
      currentRevision: (hasRolled ? update : current).metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: set.status?.collisionCount ?? 0,
    },
    ['replicas', 'availableReplicas', 'collisionCount'],
  )
}

export function startStatefulSets(context: ControllerContext): void {
  const { client, clock, informers, queues } = context
  const { statefulSets, pods, controllerRevisions } = informers

  function revisionsOf(set: StatefulSet): Revisions {
    const { template } = set.spec
    const data = revisionData(template)
    const hash = shortHash(data, set.status?.collisionCount ?? 0)
    const name = `${set.metadata.name}-${hash}`
    const labels = { ...template.metadata?.labels, 'controller.kubernetes.io/hash': hash }
    const update = syncRevision(context, { owner: set, data, name, labels })
    const current = controllerRevisions.get(set.metadata.namespace, set.status?.currentRevision ?? '')
    return { update, current: current ?? update }
  }

  const queue = queues.queue((key) => {
    const set = statefulSets.get(...splitKey(key))
    if (!set || set.metadata.deletionTimestamp) return
    claimChildren(client, { owner: set, selector: set.spec.selector, children: pods })
    const revisions = revisionsOf(set)
    const look = new Look(context, set, revisions)
    let failure: unknown
    try {
      look.run()
    } catch (error) {
      failure = error
    }
    const now = clock.now()
    const after = look.pods()
    writeStatus(client, statefulSets.resource, { object: set, status: statusOf(set, after, revisions, now) })
    const live = new Set([...after.map(revisionOfPod), revisions.current.metadata.name, revisions.update.metadata.name])
    trimRevisions(context, set, { live: live as Set<string>, limit: set.spec.revisionHistoryLimit })
    const wait = nextAvailable(after, set.spec.minReadySeconds ?? 0, now)
    if (wait !== undefined) queue.addAfter(key, wait)
    if (failure) throw failure
  })
  queueOwners(queue, { kind: 'StatefulSet', owners: statefulSets, children: [pods] })
}
