/** Update: every write to an existing object, whether it came as PUT, as a patch or from a controller. */
import { deepEqual } from 'fast-equals'
import { checkEscalation } from '../access/escalation.ts'
import { check as checkAdmission, mutate } from '../admission/admission.ts'
import type { AdmissionRequest } from '../admission/request.ts'
import { invalid } from '../invalid.ts'
import type { Kind } from '../kinds/kind.ts'
import { validateMetadata } from '../kinds/metadata.ts'
import type { KubeObject } from '../object.ts'
import { badRequest, conflict, notFound, staleVersion, versionRequired } from '../refusal.ts'
import type { FieldFault } from '../status.ts'
import { settleTimes } from '../typed/settle-times.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented, storable } from './convert.ts'
import { settleNamespace } from './create.ts'
import { track } from './ownership.ts'
import { strategyOf } from './strategy.ts'

export interface UpdateOptions {
  /** Makes the new object of the stored one, which it must not change; the result is the update's to change. */
  next(old: KubeObject): KubeObject
  /** True when what `next` returns has its managedFields already. */
  isApplied?: boolean
  /** A uid in a PUT is a precondition; in a patch's result it is a change that is refused. */
  isPut?: boolean
  /** True for a PUT of a kind that refuses one without a resourceVersion. */
  versionRequired?: boolean
}

/** Names in the body must be those of the path. */
export function checkName(call: Call, object: KubeObject): void {
  const { name = '' } = object.metadata
  if (name === '') {
    throw badRequest(`the name of the object (${call.name} based on URL) was undeterminable: name must be provided`)
  }
  if (name !== call.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`)
  }
}

function checkPreconditions(call: Call, object: KubeObject, old: KubeObject, isPut: boolean): void {
  const { uid, resourceVersion = '' } = object.metadata
  if (isPut && uid && uid !== old.metadata.uid) {
    const path = [call.resource.bucket, call.namespace, call.name].filter((part) => part !== '')
    throw conflict(
      call.resource,
      call.name,
      `StorageError: invalid object, Code: 4, Key: /registry/${path.join('/')}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
  if (resourceVersion !== '' && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(call.resource, call.name, staleVersion)
  }
}

const kept = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const

/** What no client may change, whatever it sent. */
function keepSystemMetadata(object: KubeObject, old: KubeObject): void {
  const { metadata } = object
  metadata.uid ??= old.metadata.uid
  metadata.creationTimestamp = old.metadata.creationTimestamp
  for (const field of kept) {
    if (old.metadata[field] === undefined) delete metadata[field]
    else Object.assign(metadata, { [field]: old.metadata[field] })
  }
  if (old.metadata.resourceVersion) metadata.resourceVersion = old.metadata.resourceVersion
  delete metadata.selfLink
}

/** A binding sets what no other update may: the node, and the condition that tells of it. */
function isBinding({ subresource }: Call): boolean {
  return subresource === 'binding'
}

function prepare(kind: Kind, call: Call, object: KubeObject, old: KubeObject): void {
  if (isBinding(call) || call.subresource === 'finalize') return
  if (call.subresource === 'status') {
    kind.prepareForStatusUpdate?.(object, old)
    return
  }
  kind.prepareForUpdate?.(object, old)
  if (kind.generationGrows?.(object, old)) object.metadata.generation = (old.metadata.generation ?? 0) + 1
}

function kindFaults(kind: Kind, call: Call, object: KubeObject, old: KubeObject): FieldFault[] {
  if (isBinding(call)) return []
  if (call.subresource === 'status' && kind.validateStatusUpdate) return kind.validateStatusUpdate(object, old)
  return kind.validateUpdate?.(object, old) ?? []
}

function check(kind: Kind, call: Call, object: KubeObject, old: KubeObject): void {
  const { resource } = call
  const { namespaced } = resource
  const faults = [
    ...validateMetadata(object, { namespaced, nameRule: kind.nameRule, custom: resource.custom !== undefined, old }),
    ...kindFaults(kind, call, object, old),
  ]
  if (faults.length > 0) throw invalid(kind.reportedAs ?? resource, call.name, faults)
  call.warnings.push(...(kind.warnings?.(object, old) ?? []))
}

/** Admission sees a change as it sees what is new. */
function admissionRequest({ client }: Cluster, call: Call, object: KubeObject, old: KubeObject): AdmissionRequest {
  const { resource, subresource, namespace } = call
  const { group, name } = resource
  return { operation: 'UPDATE', group, resource: name, subresource, namespace, object, old, cluster: client }
}

/** Stores the changed object and returns it, or the old one when nothing changed. */
export function updateObject(cluster: Cluster, call: Call, options: UpdateOptions): KubeObject {
  const { resource } = call
  const bucket = cluster.store.bucket(resource.bucket)
  const stored = bucket.get(call.namespace, call.name)
  if (!stored) throw notFound(resource, call.name)
  const old = presented(cluster, resource, stored)
  const object = options.next(old)
  const { kind } = strategyOf(cluster.store, resource)
  kind.setDefaults?.(object, old)
  checkName(call, object)
  settleNamespace(call, object)
  if (options.versionRequired && !object.metadata.resourceVersion) throw versionRequired(resource, call.name)
  checkPreconditions(call, object, old, options.isPut === true)
  if (!options.isApplied) track(cluster, call, object, old)
  keepSystemMetadata(object, old)
  const request = admissionRequest(cluster, call, object, old)
  mutate(request)
  prepare(kind, call, object, old)
  check(kind, call, object, old)
  checkEscalation(cluster, call, object)
  kind.allocate?.(object, old, cluster.client)
  call.warnings.push(...checkAdmission(request))
  settleTimes(old, object)
  if (deepEqual(object, old)) return old
  if (call.dryRun) return presented(cluster, resource, object)
  if (isReleased(object)) return released(cluster, call, object)
  return presented(cluster, resource, cluster.store.put(bucket, storable(cluster, resource, object)))
}

/** True when the object only waited for its last finalizer to go. */
function isReleased({ kind, metadata, spec }: KubeObject): boolean {
  if (kind === 'Namespace' && ((spec as { finalizers?: string[] } | undefined)?.finalizers ?? []).length > 0)
    return false
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers?.length ?? 0) === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  )
}

/** The object goes with the update that freed it. */
function released(cluster: Cluster, { resource }: Call, object: KubeObject): KubeObject {
  const bucket = cluster.store.bucket(resource.bucket)
  return presented(cluster, resource, cluster.store.remove(bucket, storable(cluster, resource, object)))
}
