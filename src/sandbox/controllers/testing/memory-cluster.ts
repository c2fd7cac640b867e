/** A cluster of a few maps for tests of controllers: versions, generations, finalizers and grace, but no defaults. */
import { randomUUID } from 'node:crypto'
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import { StatusError } from '../../status.ts'
import { type Clock, timestamp } from '../clock.ts'
import type { ControllerClient, ListQuery, Reference, ResourceName } from '../controller.ts'

type OnChange = Parameters<ControllerClient['watch']>[1]

function refusal(code: number, reason: string, { resource, name }: Reference): StatusError {
  return new StatusError({ code, reason, message: `${resource} "${name}": ${reason}` })
}

function keyOf({ namespace, name }: { namespace?: string; name?: string }): string {
  return `${namespace ?? ''}/${name}`
}

export class MemoryCluster implements ControllerClient {
  readonly #clock: Clock
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  readonly #watches = new Map<string, Set<OnChange>>()
  #version = 0
  /** How many writes were asked for, by verb and resource: `update deployments`. */
  readonly writes = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  as(): ControllerClient {
    return this
  }

  get(reference: Reference): KubeObject | undefined {
    return this.#of(reference).get(keyOf(reference))
  }

  list(resource: ResourceName, { namespace }: ListQuery = {}): KubeObject[] {
    const all = [...this.#of(resource).values()]
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace)
  }

  create(resource: ResourceName, given: KubeObject): KubeObject {
    this.#count('create', resource)
    const object = structuredClone(given)
    const { metadata } = object
    metadata.name ??= this.#freeName(resource, metadata)
    if (this.#of(resource).has(keyOf(metadata))) {
      throw refusal(409, 'AlreadyExists', { ...resource, name: metadata.name })
    }
    metadata.uid = randomUUID()
    metadata.creationTimestamp = timestamp(this.#clock.now())
    metadata.generation = 1
    if (resource.resource === 'pods') object.status ??= { phase: 'Pending' }
    return this.#store(resource, object, 'ADDED')
  }

  update(resource: ResourceName, object: KubeObject): KubeObject {
    this.#count('update', resource)
    const old = this.#current(resource, object)
    const next: KubeObject = { ...structuredClone(object), status: old.status }
    if (!deepEqual(next.spec, old.spec)) next.metadata.generation = (old.metadata.generation ?? 0) + 1
    const isFree = (next.metadata.finalizers ?? []).length === 0
    if (isFree && next.metadata.deletionTimestamp && next.metadata.deletionGracePeriodSeconds === 0) {
      return this.#remove(resource, next)
    }
    return this.#store(resource, next, 'MODIFIED')
  }

  updateStatus(resource: ResourceName, object: KubeObject): KubeObject {
    this.#count('updateStatus', resource)
    const old = this.#current(resource, object)
    const { annotations } = object.metadata
    const metadata = { ...old.metadata, ...(annotations && { annotations }) }
    return this.#store(resource, structuredClone({ ...old, metadata, status: object.status }), 'MODIFIED')
  }

  bind(pod: Reference, node: string): void {
    const old = this.get(pod)
    if (!old) throw refusal(404, 'NotFound', pod)
    const now = timestamp(this.#clock.now())
    const conditions = [{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now }]
    const spec = { ...(old.spec as object), nodeName: node }
    this.#store(
      pod,
      { ...old, metadata: { ...old.metadata }, spec, status: { phase: 'Pending', conditions } },
      'MODIFIED',
    )
  }

  delete(reference: Reference, { gracePeriodSeconds }: { gracePeriodSeconds?: number } = {}): void {
    this.#count('delete', reference)
    const old = this.get(reference)
    if (!old) throw refusal(404, 'NotFound', reference)
    const spec = old.spec as { nodeName?: string; terminationGracePeriodSeconds?: number } | undefined
    const grace = spec?.nodeName ? (gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) : 0
    if (grace === 0 && (old.metadata.finalizers ?? []).length === 0) {
      this.#remove(reference, old)
      return
    }
    const deletionTimestamp = old.metadata.deletionTimestamp ?? timestamp(this.#clock.now() + grace * 1000)
    const metadata = { ...old.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace }
    this.#store(reference, { ...old, metadata }, 'MODIFIED')
  }

  watch(resource: ResourceName, onChange: OnChange): () => void {
    for (const object of this.#of(resource).values()) onChange('ADDED', object)
    const watches = this.#watches.get(resource.resource) ?? new Set()
    this.#watches.set(resource.resource, watches.add(onChange))
    return () => watches.delete(onChange)
  }

  /** Short names meet now and then, and what is counted must not depend on it. */
  #freeName(resource: ResourceName, metadata: KubeObject['metadata']): string {
    const name = `${metadata.generateName}${randomUUID().slice(0, 5)}`
    return this.#of(resource).has(keyOf({ ...metadata, name })) ? this.#freeName(resource, metadata) : name
  }

  #count(verb: string, { resource }: ResourceName): void {
    this.writes.set(`${verb} ${resource}`, (this.writes.get(`${verb} ${resource}`) ?? 0) + 1)
  }

  #of({ resource }: ResourceName): Map<string, KubeObject> {
    const objects = this.#objects.get(resource) ?? new Map<string, KubeObject>()
    this.#objects.set(resource, objects)
    return objects
  }

  #current(resource: ResourceName, { metadata }: KubeObject): KubeObject {
    const name = metadata.name ?? ''
    const old = this.#of(resource).get(keyOf(metadata))
    if (!old) throw refusal(404, 'NotFound', { ...resource, name })
    if (old.metadata.resourceVersion !== metadata.resourceVersion) throw refusal(409, 'Conflict', { ...resource, name })
    return old
  }

  #store(resource: ResourceName, object: KubeObject, type: 'ADDED' | 'MODIFIED'): KubeObject {
    this.#version += 1
    object.metadata.resourceVersion = String(this.#version)
    this.#of(resource).set(keyOf(object.metadata), object)
    this.#tell(resource, type, object)
    return object
  }

  #remove(resource: ResourceName, object: KubeObject): KubeObject {
    this.#of(resource).delete(keyOf(object.metadata))
    this.#tell(resource, 'DELETED', object)
    return object
  }

  #tell({ resource }: ResourceName, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void {
    for (const onChange of this.#watches.get(resource) ?? []) onChange(type, object)
  }
}
