/** Between the version an object is stored in and the one it is asked for in. */
import { deepEqual } from 'fast-equals'
import { convertCustomResource } from '../crd/custom-version.ts'
import type { Registry } from '../discovery/registry.ts'
import { groupVersion, type Resource } from '../discovery/resource.ts'
import { convertBuiltin, storedShape } from '../kinds/conversion.ts'
import type { KubeObject } from '../object.ts'
import type { Store } from '../store/store.ts'
import { strategyOf } from './strategy.ts'

type Parts = { store: Store }

/** Converted objects by the resource they were converted for, so that each is converted once. */
const converted = new WeakMap<Resource, WeakMap<KubeObject, KubeObject>>()

function convertedFor(cluster: Parts, resource: Resource, stored: KubeObject): KubeObject {
  const { custom } = strategyOf(cluster.store, resource)
  if (!custom) return convertBuiltin(stored, groupVersion(resource))
  const object = convertCustomResource(stored, custom)
  return deepEqual(object, stored) ? stored : object
}

/**
 * The object as `resource` serves it; the same object where nothing differs. A custom resource may differ even in the
 * version it is stored in: the schema's defaults hold for what was stored before them, too.
 */
export function presented(cluster: Parts, resource: Resource, stored: KubeObject): KubeObject {
  if (!resource.custom && stored.apiVersion === groupVersion(resource)) return stored
  let known = converted.get(resource)
  if (!known) {
    known = new WeakMap()
    converted.set(resource, known)
  }
  let object = known.get(stored)
  if (!object) {
    object = convertedFor(cluster, resource, stored)
    known.set(stored, object)
  }
  return object
}

/** The object as it is stored. */
export function storable(cluster: Parts & { registry: Registry }, resource: Resource, object: KubeObject): KubeObject {
  if (!resource.custom) return storedShape(object)
  const version = resource.custom.storageVersion
  if (version === resource.version) return object
  const storage = cluster.registry.find(resource.group, version, resource.name)
  if (storage) return convertedFor(cluster, storage, object)
  return { ...object, apiVersion: `${resource.group}/${version}` }
}
