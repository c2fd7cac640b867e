/** A cluster as a client sends it. Pure. */

import type { ClusterRecord } from '../../clusters/index.ts'
import type { BodyOf, routes } from '../../contract/index.ts'
import { ApiError } from '../api-error.ts'
import { withoutNulls } from '../without-nulls.ts'

type Given = BodyOf<typeof routes.clusters.create>

/** Throws InvalidArgument. */
export function readCluster(given: Given): ClusterRecord {
  const { server = '', name = '', shard, refreshRequestedAt, ...rest } = withoutNulls(given)
  if (server.trim() === '') throw new ApiError('InvalidArgument', 'a cluster needs a server: its address')
  return {
    server,
    name: name || server,
    namespaces: rest.namespaces ?? [],
    clusterResources: rest.clusterResources ?? false,
    ...(shard !== undefined && { shard }),
    project: rest.project ?? '',
    labels: rest.labels ?? {},
    annotations: rest.annotations ?? {},
    config: rest.config ?? {},
    ...(refreshRequestedAt && { refreshRequestedAt }),
  }
}

const updatable = [
  'name',
  'namespaces',
  'config',
  'shard',
  'clusterResources',
  'labels',
  'annotations',
  'project',
] as const
type Updatable = (typeof updatable)[number]

/** The cluster that is there, with the named fields as they were sent; without names, with all of them. */
export function withFields(existing: ClusterRecord, sent: ClusterRecord, fields: string[]): ClusterRecord {
  const taken = fields.length === 0 ? updatable : updatable.filter((field) => fields.includes(field))
  const values = Object.fromEntries(taken.map((field: Updatable) => [field, sent[field]]))
  const { fault, ...rest } = existing
  const isMended = fault === undefined || taken.includes('config')
  return { ...rest, ...values, ...(!isMended && { fault }), server: existing.server }
}

/** A Secret is written as a whole: of a config that cannot be read nothing would be left. Throws FailedPrecondition. */
export function requireConfig({ fault }: ClusterRecord, given: Given, fields: string[] = []): void {
  const isGiven = given.config && (fields.length === 0 || fields.includes('config'))
  if (fault === undefined || isGiven) return
  throw new ApiError('FailedPrecondition', `${fault}, or give the config as well: it would be lost`)
}
