/** Between the version an object is stored in and the one it is asked for in. */
import { groupVersion, type Resource } from '../discovery/resource.ts'
import type { KubeObject } from '../object.ts'

/** The object as `resource` serves it; the same object where nothing differs. */
export function presented(resource: Resource, stored: KubeObject): KubeObject {
  const apiVersion = groupVersion(resource)
  return stored.apiVersion === apiVersion ? stored : { ...stored, apiVersion }
}

/** The object as it is stored. */
export function storable(resource: Resource, object: KubeObject): KubeObject {
  const storage = resource.custom?.storageVersion
  if (!storage || storage === resource.version) return object
  return { ...object, apiVersion: `${resource.group}/${storage}` }
}
