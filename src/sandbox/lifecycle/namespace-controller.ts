/** Empties namespaces that are being deleted, pods first, and lets them go when nothing is left. */

import type { Resource } from '../discovery/resource.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { serverCall } from './client.ts'
import type { Cluster } from './cluster.ts'
import { copyOf } from './copy.ts'
import { deleteObject } from './remove.ts'
import { timestamp } from './timestamp.ts'
import { updateObject } from './update.ts'

interface Condition {
  type: string
  status: 'True' | 'False'
  lastTransitionTime: string
  reason: string
  message: string
}

/** What is left of a namespace after everything was asked to go. */
interface Remains {
  /** Objects by resource. */
  resources: Map<string, number>
  finalizers: Map<string, number>
}

const kept = new Set(['namespaces', 'events'])

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function condition(type: string, told: [reason: string, message: string], isBad: boolean, now: string): Condition {
  return { type, status: isBad ? 'True' : 'False', lastTransitionTime: now, reason: told[0], message: told[1] }
}

function conditionsOf({ resources, finalizers }: Remains, now: string): Condition[] {
  const left = [...resources].map(([name, number]) => `${name} has ${number} resource instances`).sort()
  const held = [...finalizers].map(([name, number]) => `${name} in ${number} resource instances`).sort()
  const remaining: [string, string] =
    left.length > 0
      ? ['SomeResourcesRemain', `Some resources are remaining: ${left.join(', ')}`]
      : ['ContentRemoved', 'All content successfully removed']
  const holding: [string, string] =
    held.length > 0
      ? ['SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${held.join(', ')}`]
      : ['ContentHasNoFinalizers', 'All content-preserving finalizers finished']
  const deleted = 'All content successfully deleted, may be waiting on finalization'
  return [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      ['ResourcesDiscovered', 'All resources successfully discovered'],
      false,
      now,
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      ['ParsedGroupVersions', 'All legacy kube types successfully parsed'],
      false,
      now,
    ),
    condition('NamespaceDeletionContentFailure', ['ContentDeleted', deleted], false, now),
    condition('NamespaceContentRemaining', remaining, left.length > 0, now),
    condition('NamespaceFinalizersRemaining', holding, held.length > 0, now),
  ]
}

export class NamespaceController {
  readonly #cluster: Cluster
  readonly #terminating = new Set<string>()
  readonly #due = new Set<string>()
  readonly #stopListening: () => void
  #turn: NodeJS.Immediate | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    for (const namespace of cluster.store.bucket('namespaces').list()) this.#look(namespace)
    this.#stopListening = cluster.store.listen((bucket, { type, object }) => {
      if (bucket.name === 'namespaces') {
        if (type === 'DELETED') this.#terminating.delete(object.metadata.name ?? '')
        else this.#look(object)
      } else if (type === 'DELETED' && this.#terminating.size > 0) {
        this.#enqueue(object.metadata.namespace ?? '')
      }
    })
  }

  stop(): void {
    this.#stopListening()
    clearImmediate(this.#turn)
  }

  #look({ metadata }: KubeObject): void {
    if (metadata.deletionTimestamp === undefined) return
    const isNew = !this.#terminating.has(metadata.name ?? '')
    this.#terminating.add(metadata.name ?? '')
    if (isNew || metadata.finalizers === undefined) this.#enqueue(metadata.name ?? '')
  }

  #enqueue(name: string): void {
    if (!this.#terminating.has(name)) return
    this.#due.add(name)
    this.#turn ??= setImmediate(() => this.#drain())
  }

  #drain(): void {
    this.#turn = undefined
    const due = [...this.#due]
    this.#due.clear()
    for (const name of due) this.#empty(name)
  }

  #empty(name: string): void {
    const namespace = this.#cluster.store.bucket('namespaces').get('', name)
    if (namespace?.metadata.deletionTimestamp === undefined) return
    const remains = this.#deleteContent(name)
    if (remains === 'pods') this.#report(namespace, { resources: new Map(), finalizers: new Map() })
    else if (remains.resources.size > 0) this.#report(namespace, remains)
    else this.#finalize(namespace)
  }

  /** Deletes what may go now; 'pods' while pods hold up the rest. */
  #deleteContent(name: string): Remains | 'pods' {
    const pods = this.#cluster.registry.ofBucket('pods')
    if (pods && this.#deleteAll(pods, name).length > 0) return 'pods'
    const remains: Remains = { resources: new Map(), finalizers: new Map() }
    for (const resource of this.#deletable()) {
      for (const { metadata } of this.#deleteAll(resource, name)) {
        count(remains.resources, `${resource.name}.${resource.group}`)
        for (const finalizer of metadata.finalizers ?? []) count(remains.finalizers, finalizer)
      }
    }
    if (remains.resources.size > 0) return remains
    for (const bucket of kept) {
      const resource = this.#cluster.registry.ofBucket(bucket)
      if (resource?.namespaced) this.#deleteAll(resource, name)
    }
    return remains
  }

  #deletable(): Resource[] {
    const found: Resource[] = []
    for (const bucket of this.#cluster.store.buckets()) {
      const resource = this.#cluster.registry.ofBucket(bucket.name)
      if (resource?.namespaced && !kept.has(bucket.name)) found.push(resource)
    }
    return found
  }

  #deleteAll(resource: Resource, namespace: string): readonly KubeObject[] {
    const bucket = this.#cluster.store.bucket(resource.bucket)
    for (const { metadata } of bucket.list(namespace)) {
      if (metadata.deletionTimestamp !== undefined) continue
      const call = serverCall(this.#cluster, resource, { namespace, name: metadata.name ?? '' })
      ignoringRefusals(() => deleteObject(this.#cluster, call, { propagationPolicy: 'Background' }))
    }
    return bucket.list(namespace)
  }

  #report(namespace: KubeObject, remains: Remains): void {
    const status = namespace.status as { conditions?: Condition[] }
    const now = timestamp(this.#cluster.clock())
    const conditions = conditionsOf(remains, now).map((next) => {
      const before = status.conditions?.find(({ type }) => type === next.type)
      return before?.status === next.status ? { ...next, lastTransitionTime: before.lastTransitionTime } : next
    })
    this.#update(namespace, 'status', (old) => ({ ...old, status: { ...(old.status as object), conditions } }))
  }

  #finalize(namespace: KubeObject): void {
    const { finalizers = [] } = (namespace.spec ?? {}) as { finalizers?: string[] }
    const others = finalizers.filter((one) => one !== 'kubernetes')
    this.#update(namespace, 'finalize', (old) => ({ ...old, spec: others.length > 0 ? { finalizers: others } : {} }))
  }

  #update(namespace: KubeObject, subresource: string, change: (old: KubeObject) => KubeObject): void {
    const resource = this.#cluster.registry.ofBucket('namespaces')
    if (!resource) return
    const call = serverCall(
      this.#cluster,
      resource,
      { namespace: '', name: namespace.metadata.name ?? '' },
      subresource,
    )
    ignoringRefusals(() => updateObject(this.#cluster, call, { next: (old) => copyOf(change(old)) }))
  }
}

/** A refusal means that somebody changed the object meanwhile, whose change brings it back here. */
function ignoringRefusals(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}
