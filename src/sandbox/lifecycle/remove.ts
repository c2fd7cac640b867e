/** Delete: at once, after a grace period, or when the finalizers are gone. */
import type { KubeObject } from '../object.ts'
import { conflict, notFound } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented } from './convert.ts'
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

function checkPreconditions(call: Call, old: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {}
  if (uid !== undefined && uid !== old.metadata.uid) {
    throw conflict(
      call.resource,
      call.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      call.resource,
      call.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
    )
  }
}

const collectors = ['foregroundDeletion', 'orphan']

/** The finalizers after the propagation policy has put in or taken out those of the garbage collector. */
function finalizersFor(old: KubeObject, options: DeleteOptions): string[] {
  const present = old.metadata.finalizers ?? []
  const policy =
    options.propagationPolicy ??
    (options.orphanDependents === undefined ? undefined : options.orphanDependents ? 'Orphan' : 'Background')
  if (policy === undefined) return present
  const others = present.filter((finalizer) => !collectors.includes(finalizer))
  if (policy === 'Orphan') return [...others, 'orphan']
  return policy === 'Foreground' ? [...others, 'foregroundDeletion'] : others
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
  return { ...old, metadata }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index])
}

export function deleteObject(cluster: Cluster, call: Call, options: DeleteOptions): Removed {
  const { resource } = call
  const bucket = cluster.store.bucket(resource.bucket)
  const stored = bucket.get(call.namespace, call.name)
  if (!stored) throw notFound(resource, call.name)
  checkNamespaceForDelete(call)
  checkPreconditions(call, stored, options)
  const { kind } = strategyOf(cluster.store, resource)
  const finalizers = finalizersFor(stored, options)
  const grace = Math.max(0, kind.gracePeriod?.(stored, options.gracePeriodSeconds) ?? 0)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = stored.metadata
  const isPending = deletionTimestamp !== undefined && deletionGracePeriodSeconds <= grace
  const waits = grace > 0 || finalizers.length > 0
  if (isPending && waits && isSame(finalizers, stored.metadata.finalizers ?? [])) {
    return { object: presented(cluster, resource, stored), gone: false }
  }
  if (waits) {
    const object = marked(call, stored, grace, finalizers)
    const result = call.dryRun ? object : cluster.store.put(bucket, object)
    return { object: presented(cluster, resource, result), gone: false }
  }
  const object = call.dryRun ? stored : cluster.store.remove(bucket, stored)
  return { object: presented(cluster, resource, object), gone: true }
}
