/** Delete: at once, after a grace period, or when the finalizers are gone. */

import { deepEqual } from 'fast-equals'
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../object.ts'
import { conflict, notFound } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented } from './convert.ts'
import { copyOf } from './copy.ts'
import { checkNamespaceForDelete } from './namespace-rule.ts'
import { strategyOf } from './strategy.ts'
import { timestamp } from './timestamp.ts'

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: string
  orphanDependents?: boolean
  preconditions?: { uid?: string; resourceVersion?: string }
}

export interface Removed {
  object: KubeObject
  /** False: the object stays until its finalizers or its grace period are over. */
  gone: boolean
}

/** Here the real server names the kind where it elsewhere names the resource. */
function unmet({ resource, name }: Call, why: string) {
  return conflict({ group: resource.group, name: resource.kind }, name, why)
}

function checkPreconditions(call: Call, old: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {}
  if (uid !== undefined && uid !== old.metadata.uid) {
    throw unmet(
      call,
      `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`,
    )
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw unmet(
      call,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`,
    )
  }
}

const collectors = ['foregroundDeletion', 'orphan']

/** The finalizers after the propagation policy has put in or taken out those of the garbage collector. */
function finalizersFor(old: KubeObject, policy: string | undefined): string[] {
  const present = old.metadata.finalizers ?? []
  if (policy === undefined) return present
  const others = present.filter((finalizer) => !collectors.includes(finalizer))
  if (policy === 'Orphan') return [...others, 'orphan']
  return policy === 'Foreground' ? [...others, 'foregroundDeletion'] : others
}

/** The policy that the request names, else the one its kind has for those that name none. */
function policyFor(call: Call, kind: Kind, options: DeleteOptions): string | undefined {
  const { propagationPolicy, orphanDependents } = options
  if (propagationPolicy !== undefined) return propagationPolicy
  if (orphanDependents !== undefined) return orphanDependents ? 'Orphan' : 'Background'
  if (kind.defaultPropagation) call.warnings.push(kind.defaultPropagation.warning)
  return kind.defaultPropagation?.policy
}

/** A namespace is not removed by its deletion, but emptied first, by those whom spec.finalizers names. */
function markNamespace(object: KubeObject): void {
  delete object.metadata.deletionGracePeriodSeconds
  object.status = { ...(object.status as object), phase: 'Terminating' }
}

/** Until spec.finalizers is empty, a namespace waits as if it had finalizers. */
function isHeldNamespace({ kind, spec }: KubeObject): boolean {
  return kind === 'Namespace' && ((spec as { finalizers?: string[] } | undefined)?.finalizers ?? []).length > 0
}

function marked(call: Call, old: KubeObject, grace: number, finalizers: string[]): KubeObject {
  const metadata = { ...old.metadata }
  if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0) {
    metadata.generation = (metadata.generation ?? 0) + 1
  }
  if (metadata.deletionTimestamp === undefined || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
    metadata.deletionTimestamp = timestamp(new Date(call.now.getTime() + grace * 1000))
    metadata.deletionGracePeriodSeconds = grace
  }
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  const object = { ...old, metadata }
  if (object.kind === 'Namespace') markNamespace(object)
  return object
}

export function deleteObject(cluster: Cluster, call: Call, options: DeleteOptions): Removed {
  const { resource } = call
  const bucket = cluster.store.bucket(resource.bucket)
  const stored = bucket.get(call.namespace, call.name)
  if (!stored) throw notFound(resource, call.name)
  checkNamespaceForDelete(call)
  checkPreconditions(call, stored, options)
  const { kind } = strategyOf(cluster.store, resource)
  const noted = noting(kind, stored, call)
  const finalizers = finalizersFor(noted, policyFor(call, kind, options))
  const grace = Math.max(0, kind.gracePeriod?.(stored, options.gracePeriodSeconds) ?? 0)
  if (grace > 0 || finalizers.length > 0 || isHeldNamespace(stored)) {
    const object = marked(call, noted, grace, finalizers)
    const result = call.dryRun || deepEqual(object, stored) ? object : cluster.store.put(bucket, object)
    return { object: presented(cluster, resource, result), gone: false }
  }
  // Kinds that die gracefully say when they did, even when it was at once.
  const last = kind.gracePeriod ? marked(call, stored, 0, []) : stored
  const object = call.dryRun ? last : cluster.store.remove(bucket, last)
  return { object: presented(cluster, resource, object), gone: true }
}

/** The object as its kind notes on it that it is to go. */
function noting(kind: Kind, stored: KubeObject, call: Call): KubeObject {
  if (!kind.markForDeletion || stored.metadata.deletionTimestamp !== undefined) return stored
  const copy = copyOf(stored)
  kind.markForDeletion(copy, timestamp(call.now))
  return copy
}
