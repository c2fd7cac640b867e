/** An index over the objects of one resource, fed by a watch, so that a look costs what it finds. */
import type { KubeObject } from '../object.ts'
import type { ControllerClient, ResourceName } from './controller.ts'
import { controllerOf } from './owner.ts'
import { type LabelSelector, selects } from './selector.ts'

/** `old` is undefined for a new object, `now` for one that is gone. */
export type OnChange<T> = (now: T | undefined, old: T | undefined) => void

export interface Informer<T extends KubeObject = KubeObject> {
  readonly resource: ResourceName
  get(namespace: string | undefined, name: string): T | undefined
  all(): Iterable<T>
  inNamespace(namespace: string): Iterable<T>
  /** Those whose controller has this uid. */
  ownedBy(uid: string): T[]
  /** Those of the namespace that no controller owns. */
  orphansIn(namespace: string): Iterable<T>
  /** Those of the namespace that the selector matches; found by its rarest label. */
  selected(namespace: string, selector: LabelSelector): T[]
  /** Calls back for every object there is, then for every change; only takes note. */
  onChange(handler: OnChange<T>): void
  stop(): void
}

/** Sets by key that vanish when empty. */
class Buckets<T> {
  readonly #sets = new Map<string, Set<T>>()

  of(key: string): ReadonlySet<T> | undefined {
    return this.#sets.get(key)
  }

  add(key: string, value: T): void {
    const set = this.#sets.get(key)
    if (set) set.add(value)
    else this.#sets.set(key, new Set([value]))
  }

  remove(key: string, value: T): void {
    const set = this.#sets.get(key)
    set?.delete(value)
    if (set?.size === 0) this.#sets.delete(key)
  }
}

/** Labels with a value of their own for each workload: nobody selects by them alone, so they are not worth an index. */
const unselective = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
])

export function objectKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

/** The key under which a queue knows an object. */
export function keyOf(object: KubeObject): string {
  return objectKey(object.metadata.namespace, object.metadata.name ?? '')
}

/** A queue's key as namespace and name. */
export function splitKey(key: string): [namespace: string | undefined, name: string] {
  const slash = key.indexOf('/')
  return slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)]
}

function labelKeys(object: KubeObject): string[] {
  return Object.entries(object.metadata.labels ?? {})
    .filter(([label]) => !unselective.has(label))
    .map(([label, value]) => `${object.metadata.namespace}/${label}=${value}`)
}

class Index<T extends KubeObject> {
  readonly objects = new Map<string, T>()
  readonly namespaces = new Buckets<T>()
  readonly owners = new Buckets<T>()
  readonly orphans = new Buckets<T>()
  readonly labels = new Buckets<T>()

  put(object: T): T | undefined {
    const key = keyOf(object)
    const old = this.objects.get(key)
    if (old) this.#file(old, 'remove')
    this.objects.set(key, object)
    this.#file(object, 'add')
    return old
  }

  drop(object: T): T | undefined {
    const key = keyOf(object)
    const old = this.objects.get(key)
    if (old) this.#file(old, 'remove')
    this.objects.delete(key)
    return old
  }

  #file(object: T, verb: 'add' | 'remove'): void {
    const namespace = object.metadata.namespace ?? ''
    const owner = controllerOf(object)
    this.namespaces[verb](namespace, object)
    if (owner) this.owners[verb](owner.uid, object)
    else this.orphans[verb](namespace, object)
    for (const key of labelKeys(object)) this.labels[verb](key, object)
  }

  selected(namespace: string, selector: LabelSelector): T[] {
    const buckets = Object.entries(selector.matchLabels ?? {})
      .filter(([label]) => !unselective.has(label))
      .map(([label, value]) => this.labels.of(`${namespace}/${label}=${value}`) ?? new Set<T>())
    const smallest = buckets.sort((a, b) => a.size - b.size)[0] ?? this.namespaces.of(namespace) ?? []
    return [...smallest].filter((object) => selects(selector, object.metadata.labels))
  }
}

export function startInformer<T extends KubeObject>(client: ControllerClient, resource: ResourceName): Informer<T> {
  const index = new Index<T>()
  const handlers: OnChange<T>[] = []
  const stop = client.watch(resource, (type, changed) => {
    // The watch of a resource brings objects of that resource only
    const object = changed as T
    const gone = type === 'DELETED'
    const old = gone ? index.drop(object) : index.put(object)
    for (const handler of handlers) handler(gone ? undefined : object, gone ? (old ?? object) : old)
  })
  return {
    resource,
    get: (namespace, name) => index.objects.get(objectKey(namespace, name)),
    all: () => index.objects.values(),
    inNamespace: (namespace) => index.namespaces.of(namespace) ?? [],
    ownedBy: (uid) => [...(index.owners.of(uid) ?? [])],
    orphansIn: (namespace) => index.orphans.of(namespace) ?? [],
    selected: (namespace, selector) => index.selected(namespace, selector),
    onChange(handler) {
      handlers.push(handler)
      for (const object of index.objects.values()) handler(object, undefined)
    },
    stop,
  }
}
