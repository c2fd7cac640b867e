/** The garbage collector: deletes what has lost its owners, and carries out foreground deletion and orphaning. */

import type { Resource } from '../discovery/resource.ts'
import type { KubeObject, OwnerReference } from '../object.ts'
import { StatusError } from '../status.ts'
import type { Bucket } from '../store/bucket.ts'
import type { Change } from '../store/change.ts'
import { serverCall } from './client.ts'
import type { Cluster } from './cluster.ts'
import { copyOf } from './copy.ts'
import { deleteObject } from './remove.ts'
import { updateObject } from './update.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'

/** Where an object stands; its contents are looked up when its turn comes. */
interface Node {
  bucket: string
  namespace: string
  name: string
  uid: string
}

function nodeOf(bucket: string, { metadata }: KubeObject): Node {
  const { namespace = '', name = '', uid = '' } = metadata
  return { bucket, namespace, name, uid }
}

function isWaitingForDependents({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(foreground)
}

interface Owners {
  solid: OwnerReference[]
  gone: OwnerReference[]
  /** Owners that wait for this object to go first. */
  waiting: OwnerReference[]
}

export class GarbageCollector {
  readonly #cluster: Cluster
  /** Every object that names an owner, by the owner's uid. */
  readonly #dependents = new Map<string, Map<string, Node>>()
  readonly #owners = new Map<string, Node>()
  readonly #queue = new Map<string, Node>()
  readonly #stopListening: () => void
  #turn: NodeJS.Immediate | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    for (const bucket of cluster.store.buckets()) {
      for (const object of bucket.list()) this.#note(bucket, { type: 'ADDED', object, revision: 0 })
    }
    this.#stopListening = cluster.store.listen((bucket, change) => this.#note(bucket, change))
  }

  stop(): void {
    this.#stopListening()
    clearImmediate(this.#turn)
  }

  #note(bucket: Bucket, { type, object, before }: Change): void {
    const { uid = '', ownerReferences: refs = [] } = object.metadata
    const old = before?.metadata.ownerReferences ?? []
    if (refs.length === 0 && old.length === 0 && !this.#dependents.has(uid) && !object.metadata.finalizers) return
    const node = nodeOf(bucket.name, object)
    for (const { uid: owner } of old) this.#dependents.get(owner)?.delete(uid)
    if (type === 'DELETED') {
      for (const dependent of this.#dependents.get(uid)?.values() ?? []) this.#enqueue(dependent)
      this.#owners.delete(uid)
      for (const { uid: owner } of refs) this.#wake(owner)
      return
    }
    for (const { uid: owner } of refs) this.#add(owner, node)
    const isDeleting = object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers !== undefined
    if (isDeleting) this.#owners.set(uid, node)
    if (isDeleting || refs.length > 0) this.#enqueue(node)
    if (old.length > refs.length) for (const { uid: owner } of old) this.#wake(owner)
  }

  #add(owner: string, node: Node): void {
    let dependents = this.#dependents.get(owner)
    if (!dependents) {
      dependents = new Map()
      this.#dependents.set(owner, dependents)
    }
    dependents.set(node.uid, node)
  }

  /** An owner that waits for its dependents looks again. */
  #wake(uid: string): void {
    const owner = this.#owners.get(uid)
    if (owner) this.#enqueue(owner)
    if (this.#dependents.get(uid)?.size === 0) this.#dependents.delete(uid)
  }

  #enqueue(node: Node): void {
    this.#queue.set(node.uid, node)
    this.#turn ??= setImmediate(() => this.#drain())
  }

  #drain(): void {
    this.#turn = undefined
    const due = [...this.#queue.values()]
    this.#queue.clear()
    for (const node of due) {
      try {
        this.#process(node)
      } catch (error) {
        // Somebody else was faster, or an admission rule forbids it: the next change brings it back.
        if (!(error instanceof StatusError)) throw error
      }
    }
  }

  #stored(node: Node): KubeObject | undefined {
    const object = this.#cluster.store.bucket(node.bucket).get(node.namespace, node.name)
    return object?.metadata.uid === node.uid ? object : undefined
  }

  #process(node: Node): void {
    const object = this.#stored(node)
    if (!object) return
    const { deletionTimestamp, finalizers = [] } = object.metadata
    if (deletionTimestamp !== undefined) {
      if (finalizers.includes(orphan)) this.#orphanDependents(node)
      else if (finalizers.includes(foreground)) this.#deleteDependents(node)
      return
    }
    const refs = object.metadata.ownerReferences ?? []
    if (refs.length > 0) this.#judge(node, object, refs)
  }

  #judge(node: Node, object: KubeObject, refs: OwnerReference[]): void {
    const { solid, gone, waiting } = this.#classify(node, refs)
    if (solid.length > 0) {
      if (gone.length + waiting.length > 0) this.#update(node, (metadata) => ({ ...metadata, ownerReferences: solid }))
      return
    }
    if (gone.length + waiting.length < refs.length) return
    const hasDependents = (this.#dependents.get(node.uid)?.size ?? 0) > 0
    this.#delete(node, waiting.length > 0 && hasDependents ? 'Foreground' : policyOf(object))
  }

  #classify(node: Node, refs: OwnerReference[]): Owners {
    const owners: Owners = { solid: [], gone: [], waiting: [] }
    for (const ref of refs) {
      const resource = this.#resourceOf(ref)
      if (!resource) continue
      const namespace = resource.namespaced ? node.namespace : ''
      const owner = this.#cluster.store.bucket(resource.bucket).get(namespace, ref.name)
      if (owner?.metadata.uid !== ref.uid) owners.gone.push(ref)
      else if (isWaitingForDependents(owner)) owners.waiting.push(ref)
      else owners.solid.push(ref)
    }
    return owners
  }

  #resourceOf({ apiVersion, kind }: OwnerReference): Resource | undefined {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    return this.#cluster.registry.findKind(group, version, kind)
  }

  #deleteDependents(node: Node): void {
    const dependents = [...(this.#dependents.get(node.uid)?.values() ?? [])]
    let isBlocked = false
    for (const dependent of dependents) {
      const object = this.#stored(dependent)
      if (!object) continue
      const ref = object.metadata.ownerReferences?.find(({ uid }) => uid === node.uid)
      isBlocked ||= ref?.blockOwnerDeletion === true
      if (object.metadata.deletionTimestamp === undefined) this.#enqueue(dependent)
    }
    if (!isBlocked) this.#dropFinalizer(node, foreground)
  }

  #orphanDependents(node: Node): void {
    for (const dependent of [...(this.#dependents.get(node.uid)?.values() ?? [])]) {
      if (!this.#stored(dependent)) continue
      this.#update(dependent, ({ ownerReferences = [], ...metadata }) => {
        const others = ownerReferences.filter(({ uid }) => uid !== node.uid)
        return others.length > 0 ? { ...metadata, ownerReferences: others } : metadata
      })
    }
    this.#dropFinalizer(node, orphan)
  }

  #dropFinalizer(node: Node, finalizer: string): void {
    this.#update(node, ({ finalizers = [], ...metadata }) => {
      const others = finalizers.filter((one) => one !== finalizer)
      return others.length > 0 ? { ...metadata, finalizers: others } : metadata
    })
  }

  #update(node: Node, change: (metadata: KubeObject['metadata']) => KubeObject['metadata']): void {
    const call = this.#call(node)
    if (!call) return
    updateObject(this.#cluster, call, {
      next: (old) => copyOf({ ...old, metadata: change(old.metadata) }),
    })
  }

  #delete(node: Node, propagationPolicy: string): void {
    const call = this.#call(node)
    if (call) deleteObject(this.#cluster, call, { propagationPolicy, preconditions: { uid: node.uid } })
  }

  #call(node: Node) {
    const resource = this.#cluster.registry.ofBucket(node.bucket)
    return resource && serverCall(this.#cluster, resource, node)
  }
}

/** An object that is to be orphaned or deleted in the foreground says so by its finalizers. */
function policyOf({ metadata }: KubeObject): string {
  const finalizers = metadata.finalizers ?? []
  if (finalizers.includes(orphan)) return 'Orphan'
  return finalizers.includes(foreground) ? 'Foreground' : 'Background'
}
