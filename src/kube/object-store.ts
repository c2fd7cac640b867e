/** The objects of one collection, kept right by lists, watch events and our own writes, whatever order they come in. */
import type { KubeObject } from '../model/index.ts'
import { isNewer } from './resource-version.ts'

export interface Stored {
  uid: string
  resourceVersion: string
}

/** Created: no `previous`. Deleted: no `current`. */
export interface StoreChange<Item> {
  previous?: Item
  current?: Item
}

export interface ObjectStoreOptions<Item extends Stored> {
  /** What is kept of an object. Is told what is kept so far, to share what did not change. */
  keep: (object: KubeObject, previous: Item | undefined) => Item
  onChange: (change: StoreChange<Item>) => void
}

export interface ListOfObjects {
  add(object: KubeObject): void
  /** Everything was listed: what did not come is gone. */
  finish(resourceVersion: string): void
}

export interface ObjectStore<Item extends Stored> {
  readonly items: ReadonlyMap<string, Item>
  /** An object as it was at its version; ignored when something newer is kept. */
  put(object: KubeObject): void
  /** A watch has seen it deleted. */
  remove(object: KubeObject): void
  /** Our own deletion succeeded; events about that uid that are still on their way are ignored. */
  forget(name: { namespace: string; name: string }, uid?: string): void
  /** `fresh`: versions known so far mean nothing, every object is taken as listed. */
  startList(options?: { fresh: boolean }): ListOfObjects
  clear(): void
}

/** The watch tells of a deletion within moments; what it told before we asked stays in the set and must not pile up. */
const mostGone = 1_000

export function storeKey({ namespace = '', name }: { namespace?: string; name: string }): string {
  return `${namespace}/${name}`
}

export function openObjectStore<Item extends Stored>({ keep, onChange }: ObjectStoreOptions<Item>): ObjectStore<Item> {
  const items = new Map<string, Item>()
  /** Uids that we deleted ourselves and the watch has not yet told about. */
  const gone = new Set<string>()

  function set(key: string, object: KubeObject): void {
    const previous = items.get(key)
    const current = keep(object, previous)
    items.set(key, current)
    onChange({ previous, current })
  }

  function drop(key: string): void {
    const previous = items.get(key)
    if (!previous) return
    items.delete(key)
    onChange({ previous })
  }

  function bury(uid: string | undefined): void {
    if (uid) gone.add(uid)
    const [oldest] = gone
    if (oldest !== undefined && gone.size > mostGone) gone.delete(oldest)
  }

  function isGone({ metadata }: KubeObject): boolean {
    return gone.has(metadata.uid ?? '')
  }

  function put(object: KubeObject): void {
    const key = storeKey(object.metadata)
    const known = items.get(key)
    const newer = !known || isNewer(object.metadata.resourceVersion ?? '', known.resourceVersion)
    if (newer && !isGone(object)) set(key, object)
  }

  function remove({ metadata }: KubeObject): void {
    gone.delete(metadata.uid ?? '')
    const key = storeKey(metadata)
    const known = items.get(key)
    if (!known) return
    const successor = known.uid !== metadata.uid && isNewer(known.resourceVersion, metadata.resourceVersion ?? '')
    if (!successor) drop(key)
  }

  function startList({ fresh } = { fresh: false }): ListOfObjects {
    const seen = new Set<string>()
    const listedUids = new Set<string>()
    return {
      add(object) {
        const key = storeKey(object.metadata)
        seen.add(key)
        listedUids.add(object.metadata.uid ?? '')
        if (isGone(object)) return
        if (!fresh) put(object)
        else if (differs(items.get(key), object)) set(key, object)
      },
      finish(resourceVersion) {
        // What we wrote after the list was taken cannot be in it.
        for (const [key, { resourceVersion: known }] of items)
          if (!seen.has(key) && (fresh || !isNewer(known, resourceVersion))) drop(key)
        for (const uid of gone) if (!listedUids.has(uid)) gone.delete(uid)
      },
    }
  }

  return {
    items,
    put,
    remove,
    forget(name, uid) {
      const key = storeKey(name)
      const known = items.get(key)
      bury(uid ?? known?.uid)
      if (known && (uid === undefined || known.uid === uid)) drop(key)
    },
    startList,
    clear() {
      for (const key of items.keys()) drop(key)
      gone.clear()
    },
  }
}

function differs(known: Stored | undefined, { metadata }: KubeObject): boolean {
  return known?.uid !== metadata.uid || known?.resourceVersion !== metadata.resourceVersion
}
