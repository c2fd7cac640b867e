/** One look at a Deployment: its ReplicaSets, and the steps that change them. */

import { deepEqual } from 'fast-equals'
import { StatusError } from '../status.ts'
import { withCondition } from './conditions.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import {
  annotationsOfNew,
  byAge,
  findNew,
  newReplicaSet,
  revisionAnnotation,
  revisionOf,
  sizeAnnotations,
} from './deployment-revision.ts'
import { progressing, type RolloutSets } from './deployment-status.ts'
import { conditionOf } from './pod-state.ts'
import { newSize } from './rollout-size.ts'
import type { Deployment, ReplicaSet } from './workload.ts'

const component = 'deployment-controller'

export class Rollout {
  readonly context: ControllerContext
  readonly #resource
  /** The Deployment with what this look has changed; written once, with its status. */
  deployment: Deployment
  sets: RolloutSets

  constructor(context: ControllerContext, deployment: Deployment, sets: ReplicaSet[]) {
    this.context = context
    this.#resource = context.informers.replicaSets.resource
    this.deployment = deployment
    const found = findNew(deployment, sets)
    this.sets = { new: found, old: sets.filter((set) => set !== found).sort(byAge) }
  }

  get all(): ReplicaSet[] {
    return this.sets.new ? [...this.sets.old, this.sets.new] : this.sets.old
  }

  get active(): ReplicaSet[] {
    return this.all.filter((set) => (set.spec.replicas ?? 0) > 0)
  }

  /** Gives the new ReplicaSet its revision, making it first when there is none and `create` says so. */
  syncNew(create: boolean): void {
    const revision = Math.max(0, ...this.sets.old.map(revisionOf)) + 1
    if (this.sets.new) this.#reviseNew(this.sets.new, revision)
    else if (create) this.#createNew(revision)
    const now = this.sets.new
    if (now) this.#annotate(String(revisionOf(now)))
  }

  #reviseNew(set: ReplicaSet, revision: number): void {
    const annotations = annotationsOfNew(this.deployment, set, revision)
    const { minReadySeconds } = this.deployment.spec
    const waits = (minReadySeconds ?? 0) !== (set.spec.minReadySeconds ?? 0)
    if (waits || !deepEqual(annotations, set.metadata.annotations)) {
      const spec = waits ? { ...set.spec, minReadySeconds } : set.spec
      this.#update(set, { ...set, metadata: { ...set.metadata, annotations }, spec })
    }
    if (conditionOf(this.deployment.status?.conditions, 'Progressing')) return
    this.#progress('FoundNewReplicaSet', `Found new replica set "${set.metadata.name}"`)
  }

  #createNew(revision: number): void {
    const replicas = newSize(this.deployment, this.sets.old, 0)
    const set = newReplicaSet(this.deployment, { revision, replicas })
    try {
      this.sets.new = this.context.client.create(this.#resource, set) as ReplicaSet
    } catch (error) {
      if (error instanceof StatusError) this.#creationFailed(set, error)
      throw error
    }
    if (replicas > 0) this.#tell(`Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`)
    this.#progress('NewReplicaSetCreated', `Created new replica set "${set.metadata.name}"`)
  }

  /** Another template may have got this name: count that, so that the next try gets another. */
  #creationFailed(set: ReplicaSet, error: StatusError): void {
    const status = this.deployment.status ?? {}
    if (error.status.reason === 'AlreadyExists') {
      this.#save({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 })
      return
    }
    const message = `Failed to create new replica set "${set.metadata.name}": ${error.message}`
    const { clock, events } = this.context
    const condition = progressing('False', 'ReplicaSetCreateError', { message, now: clock.now() })
    this.#save({ ...status, conditions: withCondition(status.conditions ?? [], condition) })
    events.record(component, this.deployment, { type: 'Warning', reason: 'ReplicaSetCreateError', message })
  }

  #save(status: Deployment['status']): void {
    if (deepEqual(status, this.deployment.status)) return
    this.context.client.updateStatus(this.context.informers.deployments.resource, { ...this.deployment, status })
  }

  #progress(reason: string, message: string): void {
    const condition = progressing('True', reason, { message, now: this.context.clock.now() })
    const status = this.deployment.status ?? {}
    const conditions = withCondition(status.conditions ?? [], condition)
    this.deployment = { ...this.deployment, status: { ...status, conditions } }
  }

  #annotate(revision: string): void {
    const { metadata } = this.deployment
    if (metadata.annotations?.[revisionAnnotation] === revision) return
    const annotations = { ...metadata.annotations, [revisionAnnotation]: revision }
    this.deployment = { ...this.deployment, metadata: { ...metadata, annotations } }
  }

  #tell(message: string): void {
    this.context.events.record(component, this.deployment, { reason: 'ScalingReplicaSet', message })
  }

  #update(set: ReplicaSet, changed: ReplicaSet): void {
    const stored = this.context.client.update(this.#resource, changed) as ReplicaSet
    if (this.sets.new === set) this.sets.new = stored
    else this.sets.old = this.sets.old.map((other) => (other === set ? stored : other))
  }

  /** True when the size was another before. */
  scale(set: ReplicaSet, replicas: number): boolean {
    const before = set.spec.replicas ?? 0
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(this.deployment) }
    const resized = before !== replicas
    if (!resized && deepEqual(annotations, set.metadata.annotations)) return false
    this.#update(set, { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } })
    if (resized) {
      const way = before < replicas ? 'up' : 'down'
      this.#tell(`Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`)
    }
    return resized
  }

  /** Removes the oldest ReplicaSets that nothing runs on, beyond the history that is to be kept. */
  trimHistory(): void {
    const limit = this.deployment.spec.revisionHistoryLimit
    if (limit === undefined) return
    const kept = this.sets.old.filter((set) => !set.metadata.deletionTimestamp)
    const idle = ({ spec, status, metadata }: ReplicaSet) =>
      !spec.replicas && !status?.replicas && (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)
    const surplus = kept.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, kept.length - limit))
    for (const set of surplus.filter(idle)) this.context.client.delete(referenceTo(this.#resource, set))
  }
}
