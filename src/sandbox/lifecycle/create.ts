/** Create: from a decoded object to a stored one, through every step of a real server's order. */
import { randomUUID } from 'node:crypto'
import { groupVersion } from '../discovery/resource.ts'
import type { KubeObject } from '../object.ts'
import { alreadyExists, badRequest, internalError } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented, storable } from './convert.ts'
import { strategyOf } from './strategy.ts'

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789'

function generatedName(prefix: string): string {
  let suffix = ''
  for (let i = 0; i < 5; i++) suffix += suffixLetters[Math.floor(Math.random() * suffixLetters.length)]
  return prefix.slice(0, 58) + suffix
}

/** Refuses a body that names another namespace than the path, else puts the path's there. */
export function settleNamespace(call: Call, object: KubeObject): void {
  const asked = object.metadata.namespace ?? ''
  if (!call.resource.namespaced) {
    if (asked === '') delete object.metadata.namespace
    return
  }
  if (asked !== '' && asked !== call.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  object.metadata.namespace = call.namespace
}

function settleMetadata(call: Call, object: KubeObject): void {
  const { metadata } = object
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.selfLink
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp(call.now)
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName)
}

/** Stores a new object. `object` is the caller's to give away; what comes back is shared and must not be changed. */
export function createObject(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const { resource } = call
  const kind = strategyOf(resource)
  object.apiVersion = groupVersion(resource)
  object.kind = resource.kind
  settleNamespace(call, object)
  kind.setDefaults?.(object)
  settleMetadata(call, object)
  kind.prepareForCreate?.(object)
  if (object.metadata.resourceVersion) {
    throw internalError('resourceVersion should not be set on objects to be created')
  }
  const bucket = cluster.store.bucket(resource.bucket)
  const { namespace = '', name = '' } = object.metadata
  const existing = bucket.get(namespace, name)
  if (existing) throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined)
  if (call.dryRun) return object
  return presented(resource, cluster.store.put(bucket, storable(resource, object)))
}
