/** Create: from a decoded object to a stored one, through every step of a real server's order. */
import { randomInt, randomUUID } from 'node:crypto'
import { checkEscalation } from '../access/escalation.ts'
import { check, mutate } from '../admission/admission.ts'
import type { AdmissionRequest } from '../admission/request.ts'
import { groupVersion } from '../discovery/resource.ts'
import { invalid } from '../invalid.ts'
import { generatedName, validateMetadata } from '../kinds/metadata.ts'
import type { KubeObject } from '../object.ts'
import { alreadyExists, badRequest, internalError } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented, storable } from './convert.ts'
import { checkNamespaceForCreate } from './namespace-rule.ts'
import { track } from './ownership.ts'
import { strategyOf } from './strategy.ts'
import { timestamp } from './timestamp.ts'

/** Refuses a body that names another namespace than the path, else puts the path's there. */
export function settleNamespace(call: Call, object: KubeObject): void {
  const asked = object.metadata.namespace ?? ''
  if (!call.resource.namespaced) {
    // What belongs to no namespace loses the one that a client names; charts often name one.
    delete object.metadata.namespace
    return
  }
  if (asked !== '' && asked !== call.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  object.metadata.namespace = call.namespace
}

/** What only the server sets. */
function wipeSystemMetadata({ metadata }: KubeObject): void {
  delete metadata.uid
  delete metadata.creationTimestamp
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.selfLink
}

function settleMetadata(call: Call, object: KubeObject): void {
  const { metadata } = object
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp(call.now)
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName, randomInt)
}

/**
 * Stores a new object. `object` is decoded and the caller's to give away; what comes back is shared and must not be
 * changed. `isApplied`: the object has its managedFields already.
 */
export function createObject(cluster: Cluster, call: Call, object: KubeObject, isApplied = false): KubeObject {
  const { resource } = call
  const { kind } = strategyOf(cluster.store, resource)
  object.apiVersion = groupVersion(resource)
  object.kind = resource.kind
  wipeSystemMetadata(object)
  kind.setDefaults?.(object)
  if (!isApplied) track(cluster, call, object)
  settleNamespace(call, object)
  checkNamespaceForCreate(cluster, call, object.metadata.name ?? '')
  settleMetadata(call, object)
  const request: AdmissionRequest = {
    operation: 'CREATE',
    group: resource.group,
    resource: resource.name,
    namespace: call.namespace,
    object,
    cluster: cluster.client,
  }
  mutate(request)
  kind.prepareForCreate?.(object)
  const { namespaced } = resource
  const faults = [
    ...validateMetadata(object, { namespaced, nameRule: kind.nameRule, custom: resource.custom !== undefined }),
    ...(kind.validate?.(object) ?? []),
  ]
  if (faults.length > 0) throw invalid(kind.reportedAs ?? resource, object.metadata.name ?? '', faults)
  checkEscalation(cluster, call, object)
  call.warnings.push(...(kind.warnings?.(object) ?? []))
  kind.allocate?.(object, undefined, cluster.client)
  call.warnings.push(...check(request))
  if (object.metadata.resourceVersion) {
    throw internalError('resourceVersion should not be set on objects to be created')
  }
  const bucket = cluster.store.bucket(resource.bucket)
  const { namespace = '', name = '' } = object.metadata
  const existing = bucket.get(namespace, name)
  if (existing) throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined)
  if (call.dryRun) return presented(cluster, resource, object)
  return presented(cluster, resource, cluster.store.put(bucket, storable(cluster, resource, object)))
}
