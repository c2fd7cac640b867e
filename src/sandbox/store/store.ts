/** The versioned store: every resource's bucket and the one revision counter they share. */
import type { KubeObject } from '../object.ts'
import { Bucket } from './bucket.ts'
import type { Change } from './change.ts'

/** Where the store's state outlives the process; `commit` must not block. */
export interface Persistence {
  /** What was committed before, and the revision it was committed at. */
  load(): { revision: number; objects: Iterable<[bucket: string, object: KubeObject]> }
  /** `object` is absent when the key was deleted. */
  commit(bucket: string, key: string, object: KubeObject | undefined, revision: number): void
  /** Resolves when whatever was committed before the call outlives the process; rejects when the disk refused it. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Revisions below this one count as compacted, so that a client's `resourceVersion=1` is too old, not unknown. */
const firstRevision = 1000

export class Store {
  #revision = firstRevision
  readonly #buckets = new Map<string, Bucket>()
  readonly #persistence: Persistence | undefined
  readonly #listeners = new Set<(bucket: Bucket, change: Change) => void>()

  constructor(persistence?: Persistence) {
    this.#persistence = persistence
    if (!persistence) return
    const { revision, objects } = persistence.load()
    this.#revision = Math.max(revision, firstRevision)
    for (const [bucket, object] of objects) this.bucket(bucket).put(object)
  }

  get revision(): number {
    return this.#revision
  }

  /** Whether anything is waited for before what is committed outlives the process. */
  get isKept(): boolean {
    return this.#persistence !== undefined
  }

  bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name)
    if (!bucket) {
      bucket = new Bucket(name, this.#revision)
      this.#buckets.set(name, bucket)
    }
    return bucket
  }

  buckets(): Iterable<Bucket> {
    return this.#buckets.values()
  }

  /** Commits a new or changed object and returns it with its resourceVersion. */
  put(bucket: Bucket, object: KubeObject): KubeObject {
    const { namespace = '', name = '' } = object.metadata
    const before = bucket.get(namespace, name)
    const stored = this.#stamp(object)
    bucket.put(stored)
    this.#publish(bucket, { type: before ? 'MODIFIED' : 'ADDED', object: stored, before, revision: this.#revision })
    return stored
  }

  /** Commits a deletion and returns the last state with the revision of the deletion. */
  remove(bucket: Bucket, object: KubeObject): KubeObject {
    const { namespace = '', name = '' } = object.metadata
    const before = bucket.get(namespace, name)
    const last = this.#stamp(object)
    bucket.remove(namespace, name)
    this.#publish(bucket, { type: 'DELETED', object: last, before, revision: this.#revision })
    return last
  }

  /** Hears of every change of every resource, after it is committed. */
  listen(listener: (bucket: Bucket, change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when all that is committed outlives the process: what is acknowledged must not be lost. */
  async settled(): Promise<void> {
    await this.#persistence?.settled()
  }

  async close(): Promise<void> {
    await this.#persistence?.close()
  }

  #stamp(object: KubeObject): KubeObject {
    this.#revision++
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } }
  }

  #publish(bucket: Bucket, change: Change): void {
    const { namespace, name } = change.object.metadata
    const key = namespace ? `${namespace}/${name}` : (name ?? '')
    const object = change.type === 'DELETED' ? undefined : change.object
    this.#persistence?.commit(bucket.name, key, object, change.revision)
    bucket.publish(change)
    for (const listener of this.#listeners) listener(bucket, change)
  }
}
