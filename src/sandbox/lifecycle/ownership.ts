/** metadata.managedFields of a write that is no apply. */
import type { KubeObject } from '../object.ts'
import { type ConvertVersion, trackUpdate } from '../typed/managed-fields.ts'
import { resetFields } from '../typed/reset-fields.ts'
import type { Call, Cluster } from './cluster.ts'
import { presented } from './convert.ts'
import { type Strategy, strategyOf } from './strategy.ts'

/** The fields that the call's endpoint does not write. */
export function resetOf(call: Call, { type, gvk }: Strategy): readonly (readonly string[])[] {
  const hasStatus = call.resource.custom === undefined || call.resource.subresources.has('status')
  return hasStatus || call.subresource !== '' ? resetFields(type, gvk.kind, call.subresource) : []
}

/** Conversion to the other versions that managers may have written; undefined when there is only one. */
export function versionsOf(cluster: Cluster, call: Call): ConvertVersion | undefined {
  const { resource } = call
  const versions = cluster.registry.groups.find(({ name }) => name === resource.group)?.versions
  if (!versions || versions.length < 2) return undefined
  return (object, apiVersion) => {
    const version = apiVersion.split('/').at(-1) ?? ''
    const other = cluster.registry.find(resource.group, version, resource.name)
    return other && { object: presented(cluster, other, object), type: strategyOf(cluster.store, other).type }
  }
}

/** Puts into `after` who owns its fields once the call's manager has written it. */
export function track(cluster: Cluster, call: Call, after: KubeObject, before?: KubeObject): void {
  trackAs(strategyOf(cluster.store, call.resource), cluster, call, { after, ...(before && { before }) })
}

/** The same for the body of a subresource that is of a kind of its own. */
export function trackAs(
  strategy: Strategy,
  cluster: Cluster,
  call: Call,
  { after, before }: { after: KubeObject; before?: KubeObject },
): void {
  const { type, gvk } = strategy
  const convert = versionsOf(cluster, call)
  const managedFields = trackUpdate({
    ...(before && { before }),
    after,
    type,
    gvk,
    manager: call.manager,
    ...(call.subresource !== '' && { subresource: call.subresource }),
    reset: resetOf(call, strategy),
    ...(convert && { convert }),
    now: call.now,
  })
  if (managedFields) after.metadata.managedFields = managedFields
  else delete after.metadata.managedFields
}
