/** Turns objects as the server sends them into what is kept of them. */
import { type KubeObject, keyOf, type ResourceKey } from '../model/index.ts'
import { inferOwners, ownerByKey } from './inferred-owners.ts'
import { PackedObject } from './live-object.ts'
import { type PodLoad, podLoad } from './pod-load.ts'
import { trimTracked, trimUntracked } from './trim.ts'

export interface PackingOptions {
  instanceOf: (object: KubeObject) => string | undefined
  /** An object that an application tracks was seen by its metadata only. */
  onTracked: (key: ResourceKey) => void
}

export interface Detail {
  /** The whole object came, not only its metadata. */
  full: boolean
  previous: PackedObject | undefined
}

export function packing({ instanceOf, onTracked }: PackingOptions) {
  const names = new Map<string, string>()

  /** Thousands of keys hold the same few groups, kinds and namespaces. */
  function once(text: string): string {
    const known = names.get(text)
    if (known === undefined) names.set(text, text)
    return known ?? text
  }

  function loadOf(object: KubeObject): PodLoad | undefined {
    const load = podLoad(object)
    return load && { ...load, node: once(load.node) }
  }

  return function pack(object: KubeObject, detail: Detail): PackedObject {
    const instance = instanceOf(object)
    const { group, kind, namespace, name } = keyOf(object)
    const key = { group: once(group), kind: once(kind), namespace: once(namespace), name }
    if (instance !== undefined && !detail.full) onTracked(key)
    const full = detail.full && instance !== undefined
    const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => uid)
    const inferred = inferOwners(key).map(ownerByKey)
    const facts = { key, full, instance, owners: [...owners, ...inferred], load: loadOf(object) }
    return new PackedObject(full ? trimTracked(object) : trimUntracked(object), facts, detail.previous)
  }
}
