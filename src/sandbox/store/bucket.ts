/** All objects of one resource, ordered as etcd orders their keys, and the log of their latest changes. */
import type { KubeObject } from '../object.ts'
import type { Change } from './change.ts'

/** Changes kept per resource before the older half is compacted away. */
const logLimit = 4000

type Partition = { objects: Map<string, KubeObject>; sorted?: KubeObject[] }

function byteOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export class Bucket {
  readonly name: string
  /** Watches from this revision or an earlier one can no longer be served from the log. */
  compacted: number
  readonly log: Change[] = []
  readonly #partitions = new Map<string, Partition>()
  #namespaces: string[] | undefined
  readonly #listeners = new Set<(change: Change) => void>()

  constructor(name: string, compacted: number) {
    this.name = name
    this.compacted = compacted
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#partitions.get(namespace)?.objects.get(name)
  }

  /** The objects of one namespace ('' for cluster-scoped ones), or of all, in the order of their keys. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) return this.#sorted(namespace)
    const names = this.#sortedNamespaces()
    return names.length === 1 ? this.#sorted(names[0] ?? '') : names.flatMap((name) => this.#sorted(name))
  }

  get size(): number {
    let size = 0
    for (const partition of this.#partitions.values()) size += partition.objects.size
    return size
  }

  put(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? ''
    let partition = this.#partitions.get(namespace)
    if (!partition) {
      partition = { objects: new Map() }
      this.#partitions.set(namespace, partition)
      this.#namespaces = undefined
    }
    partition.objects.set(object.metadata.name ?? '', object)
    partition.sorted = undefined
  }

  remove(namespace: string, name: string): void {
    const partition = this.#partitions.get(namespace)
    if (!partition?.objects.delete(name)) return
    partition.sorted = undefined
    if (partition.objects.size > 0) return
    this.#partitions.delete(namespace)
    this.#namespaces = undefined
  }

  /** Appends to the log and tells the listeners. */
  publish(change: Change): void {
    this.log.push(change)
    if (this.log.length > logLimit) this.compact(this.log[logLimit / 2]?.revision ?? change.revision)
    for (const listener of this.#listeners) listener(change)
  }

  /** Forgets the changes up to and including `revision`. */
  compact(revision: number): void {
    this.compacted = Math.max(this.compacted, revision)
    const kept = this.log.findIndex((change) => change.revision > revision)
    this.log.splice(0, kept < 0 ? this.log.length : kept)
  }

  /** The changes after `revision`, oldest first. */
  since(revision: number): Change[] {
    let from = this.log.length
    while (from > 0 && (this.log[from - 1]?.revision ?? 0) > revision) from--
    return this.log.slice(from)
  }

  /** The objects as they stood at `revision`, which must not be compacted. */
  listAt(revision: number, namespace?: string): readonly KubeObject[] {
    const later = this.since(revision)
    if (later.length === 0) return this.list(namespace)
    const past = new Map(this.list(namespace).map((object) => [keyOf(object), object]))
    for (const change of later.reverse()) {
      if (namespace !== undefined && (change.object.metadata.namespace ?? '') !== namespace) continue
      if (change.before) past.set(keyOf(change.before), change.before)
      else past.delete(keyOf(change.object))
    }
    return [...past].sort(([a], [b]) => byteOrder(a, b)).map(([, object]) => object)
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #sorted(namespace: string): KubeObject[] {
    const partition = this.#partitions.get(namespace)
    if (!partition) return []
    partition.sorted ??= [...partition.objects.values()].sort((a, b) =>
      byteOrder(a.metadata.name ?? '', b.metadata.name ?? ''),
    )
    return partition.sorted
  }

  #sortedNamespaces(): string[] {
    this.#namespaces ??= [...this.#partitions.keys()].sort((a, b) => byteOrder(`${a}/`, `${b}/`))
    return this.#namespaces
  }
}

/** What follows the resource in an object's etcd key: `namespace/name`, or `name` of a cluster-scoped object. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : (name ?? '')
}
