/** Every group, version and resource that is served: the built-in ones as recorded, and those that definitions add. */
import discovery from '../data/discovery.json' with { type: 'json' }
import { type ApiResource, type CustomVersion, groupVersion, type Resource } from './resource.ts'

export interface Group {
  name: string
  /** Preferred first. */
  versions: string[]
}

/** Resources of the core group that are kept under another group's name, and the other way round. */
const sharedBuckets: Record<string, string> = { 'events.k8s.io/events': 'events' }

function resourceOf(gv: { group: string; version: string }, entry: ApiResource, all: ApiResource[]): Resource {
  const path = gv.group ? `${gv.group}/${entry.name}` : entry.name
  const subresources = all
    .filter((other) => other.name.startsWith(`${entry.name}/`))
    .map((other): [string, ApiResource] => [other.name.slice(entry.name.length + 1), other])
  return {
    ...gv,
    name: entry.name,
    kind: entry.kind,
    listKind: `${entry.kind}List`,
    namespaced: entry.namespaced,
    verbs: new Set(entry.verbs),
    subresources: new Map(subresources),
    bucket: sharedBuckets[path] ?? path,
  }
}

export class Registry {
  readonly #lists = new Map<string, ApiResource[]>()
  readonly #resources = new Map<string, Resource>()
  #byBucket: Map<string, Resource> | undefined
  #groups: Group[] = discovery.groups.map(({ name, versions }) => ({ name, versions: [...versions] }))
  readonly #listeners = new Set<() => void>()

  constructor() {
    for (const [gv, entries] of Object.entries(discovery.lists as Record<string, ApiResource[]>)) {
      const [group = '', version = ''] = gv.includes('/') ? gv.split('/') : ['', gv]
      this.#lists.set(gv, entries)
      for (const entry of entries) {
        if (!entry.name.includes('/')) this.#add(resourceOf({ group, version }, entry, entries))
      }
    }
  }

  /** The named groups, in the order of discovery; the core group is not among them. */
  get groups(): readonly Group[] {
    return this.#groups
  }

  find(group: string, version: string, name: string): Resource | undefined {
    return this.#resources.get(`${group}/${version}/${name}`)
  }

  /** The resource whose objects a bucket holds, in the version they are stored in. */
  ofBucket(bucket: string): Resource | undefined {
    this.#byBucket ??= this.#indexBuckets()
    return this.#byBucket.get(bucket)
  }

  #indexBuckets(): Map<string, Resource> {
    const index = new Map<string, Resource>()
    for (const resource of this.#resources.values()) {
      const isStorage = resource.custom ? resource.custom.storageVersion === resource.version : true
      if (isStorage && !index.has(resource.bucket)) index.set(resource.bucket, resource)
    }
    return index
  }

  /** The resource that serves a kind, as a GroupVersionKind names it. */
  findKind(group: string, version: string, kind: string): Resource | undefined {
    for (const resource of this.#resources.values()) {
      if (resource.kind === kind && resource.group === group && resource.version === version) return resource
    }
    return undefined
  }

  resources(): Iterable<Resource> {
    return this.#resources.values()
  }

  hasGroup(group: string): boolean {
    return group === '' || this.#groups.some(({ name }) => name === group)
  }

  /** The entries of one group version's APIResourceList; undefined when it is not served. */
  entries(group: string, version: string): readonly ApiResource[] | undefined {
    return this.#lists.get(groupVersion({ group, version }))
  }

  /** Puts the whole of what definitions serve in place of what they served before; the order is kept in discovery. */
  setCustom(served: CustomResources[]): void {
    const builtin = new Set(discovery.groups.map(({ name }) => name))
    for (const [key, resource] of this.#resources) if (resource.custom) this.#resources.delete(key)
    for (const { name, versions } of this.#groups) {
      if (!builtin.has(name)) for (const version of versions) this.#lists.delete(`${name}/${version}`)
    }
    this.#groups = this.#groups.filter(({ name }) => builtin.has(name))
    for (const one of served) this.#addCustom(one)
    this.#byBucket = undefined
    for (const listener of this.#listeners) listener()
  }

  /** Hears when custom resources came or went. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #addCustom({ group, versions }: CustomResources): void {
    this.#groups.push({ name: group, versions: versions.map(({ version }) => version) })
    for (const { version, resources } of versions) {
      const entries = resources.flatMap(({ entry, subresources }) => [entry, ...subresources])
      this.#lists.set(`${group}/${version}`, entries)
      for (const { entry, listKind, custom } of resources) {
        this.#add({ ...resourceOf({ group, version }, entry, entries), listKind, custom })
      }
    }
  }

  #add(resource: Resource): void {
    this.#resources.set(`${resource.group}/${resource.version}/${resource.name}`, resource)
  }
}

/** What the definitions of one group serve; versions preferred first. */
export interface CustomResources {
  group: string
  versions: {
    version: string
    resources: { entry: ApiResource; subresources: ApiResource[]; listKind: string; custom: CustomVersion }[]
  }[]
}
