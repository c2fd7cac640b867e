/** Finds live objects by uid, by owner and by application. */
import type { StoreChange } from '../kube/object-store.ts'
import { parseKey, type ResourceKey } from '../model/index.ts'
import { isOwnedBy, ownerByKey } from './inferred-owners.ts'
import type { LiveObject } from './live-object.ts'

export interface ObjectIndex {
  apply(change: StoreChange<LiveObject>): void
  managedBy(instance: string): LiveObject[]
  /** Objects of a namespace that no other object owns. */
  topLevelIn(namespace: string): LiveObject[]
  children(uid: string): LiveObject[]
  /** The applications of the object and of everything above it. */
  instancesAbove(object: LiveObject): Set<string>
  readonly size: number
  readonly managed: number
}

export function openObjectIndex(get: (key: ResourceKey) => LiveObject | undefined): ObjectIndex {
  const byUid = new Map<string, LiveObject>()
  const byOwner = new Map<string, Set<LiveObject>>()
  const byInstance = new Map<string, Set<LiveObject>>()
  const topLevel = new Map<string, Set<LiveObject>>()
  let managed = 0

  function remove(object: LiveObject): void {
    if (byUid.get(object.uid) === object) byUid.delete(object.uid)
    for (const owner of object.owners) leave(byOwner, owner, object)
    leave(topLevel, object.key.namespace, object)
    if (object.instance === undefined) return
    leave(byInstance, object.instance, object)
    managed--
  }

  function add(object: LiveObject): void {
    byUid.set(object.uid, object)
    for (const owner of object.owners) join(byOwner, owner, object)
    if (object.owners.length === 0 && object.key.namespace !== '') join(topLevel, object.key.namespace, object)
    if (object.instance === undefined) return
    join(byInstance, object.instance, object)
    managed++
  }

  function ownersOf(object: LiveObject): LiveObject[] {
    return object.owners.flatMap((id) => {
      if (!id.startsWith('key:')) return byUid.get(id) ?? []
      const owner = get(parseKey(id.slice('key:'.length)))
      return owner && isOwnedBy(object.key, owner.object) ? owner : []
    })
  }

  return {
    apply({ previous, current }) {
      if (previous) remove(previous)
      if (current) add(current)
    },
    managedBy: (instance) => [...(byInstance.get(instance) ?? [])],
    topLevelIn: (namespace) => [...(topLevel.get(namespace) ?? [])],
    children(uid) {
      const owned = [...(byOwner.get(uid) ?? [])]
      const owner = byUid.get(uid)
      const named = owner && byOwner.get(ownerByKey(owner.key))
      if (!owner || !named) return owned
      const more = [...named].filter((child) => !child.owners.includes(uid) && isOwnedBy(child.key, owner.object))
      return [...owned, ...more]
    },
    instancesAbove(object) {
      const instances = new Set<string>()
      const seen = new Set<LiveObject>()
      for (const open = [object]; open.length > 0; ) {
        const next = open.pop()
        // Owner references may form a circle.
        if (!next || seen.has(next)) continue
        seen.add(next)
        if (next.instance !== undefined) instances.add(next.instance)
        if (next.owners.length > 0) open.push(...ownersOf(next))
      }
      return instances
    },
    get size() {
      return byUid.size
    },
    get managed() {
      return managed
    },
  }
}

function join(sets: Map<string, Set<LiveObject>>, id: string, object: LiveObject): void {
  const members = sets.get(id)
  if (members) members.add(object)
  else sets.set(id, new Set([object]))
}

function leave(sets: Map<string, Set<LiveObject>>, id: string, object: LiveObject): void {
  const members = sets.get(id)
  members?.delete(object)
  if (members?.size === 0) sets.delete(id)
}
