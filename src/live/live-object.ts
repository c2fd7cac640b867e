/** One object as the cluster has it, packed small: thousands of them stay in memory, few are looked at. */
import { contentHash } from '../model/content-hash.ts'
import { type KubeObject, type ManagedFieldsEntry, parseJson, type ResourceKey, stringifyJson } from '../model/index.ts'
import type { PodLoad } from './pod-load.ts'

export interface LiveObject {
  readonly key: ResourceKey
  readonly uid: string
  readonly resourceVersion: string
  /** A view shared by all who ask: not to be changed. Of managedFields only what we applied is kept. */
  readonly object: KubeObject
  /** False: only metadata, or only what health needs; `LiveCluster.read` fetches the rest. */
  readonly full: boolean
  /** The application that tracks it. */
  readonly instance: string | undefined
  /** Uids; `key:` and a key where ownership follows from names. */
  readonly owners: readonly string[]
  /** Of a Pod on a node. */
  readonly load: PodLoad | undefined
  /** Of everything but status, resourceVersion, generation and managedFields. */
  readonly contentHash: string
}

export interface PackedFacts {
  key: ResourceKey
  full: boolean
  instance: string | undefined
  owners: readonly string[]
  load: PodLoad | undefined
}

/** Whoever looks at an object mostly looks again at once: what was parsed last stays parsed. */
const lately = new Map<PackedObject, KubeObject>()
const mostParsed = 400

function remember(packed: PackedObject, object: KubeObject): void {
  lately.delete(packed)
  lately.set(packed, object)
  const [oldest] = lately.keys()
  if (oldest && lately.size > mostParsed) lately.delete(oldest)
}

/** Keeps an object as two JSON texts: what people and controllers declare, and what moves by itself. */
export class PackedObject implements LiveObject {
  readonly key: ResourceKey
  readonly uid: string
  readonly resourceVersion: string
  readonly full: boolean
  readonly instance: string | undefined
  readonly owners: readonly string[]
  readonly load: PodLoad | undefined
  readonly #content: string
  readonly #moving: string
  #hash: string | undefined

  constructor(object: KubeObject, { key, full, instance, owners, load }: PackedFacts, previous?: PackedObject) {
    const { status, metadata, ...rest } = object
    const { resourceVersion = '', generation, managedFields, ...stable } = metadata
    const content = stringifyJson({ ...rest, metadata: stable })
    const same = previous !== undefined && previous.#content === content
    this.key = previous?.key ?? key
    this.uid = metadata.uid ?? ''
    this.resourceVersion = resourceVersion
    this.full = full
    this.instance = instance
    this.owners = same ? previous.owners : owners
    this.load = load
    this.#content = same ? previous.#content : content
    this.#hash = same ? previous.#hash : undefined
    this.#moving = stringifyJson({ status, generation, managedFields })
    // A managed object that has changed is looked at next.
    if (instance !== undefined && full) remember(this, object)
  }

  /** True when nothing was declared anew between the two: only status and the like moved. */
  sameContent(other: PackedObject): boolean {
    return this.#content === other.#content
  }

  get object(): KubeObject {
    const parsed = lately.get(this) ?? this.#unpack()
    remember(this, parsed)
    return parsed
  }

  get contentHash(): string {
    this.#hash ??= contentHash(parseJson(this.#content) as KubeObject)
    return this.#hash
  }

  #unpack(): KubeObject {
    const object = parseJson(this.#content) as KubeObject
    const { status, generation, managedFields } = parseJson(this.#moving) as {
      status?: unknown
      generation?: number
      managedFields?: ManagedFieldsEntry[]
    }
    object.metadata.resourceVersion = this.resourceVersion
    if (generation !== undefined) object.metadata.generation = generation
    if (managedFields) object.metadata.managedFields = managedFields
    if (status !== undefined) object.status = status
    return object
  }
}
