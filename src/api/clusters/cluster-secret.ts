/** The Secret that keeps a cluster, in Argo CD's format. Pure. */
import { type ClusterRecord, withoutSlash } from '../../clusters/index.ts'
import { annotation, type KubeObject } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { encoded, markedMetadata } from '../secret-fields.ts'
import { clusterSecretName } from '../secret-name.ts'

/** The Secret of a cluster that is new. Throws InvalidArgument. */
export function clusterSecret(record: ClusterRecord, namespace: string): KubeObject {
  refuseApplied(record)
  const marked = markedMetadata('cluster')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: clusterSecretName(record.server),
      namespace,
      labels: { ...record.labels, ...marked.labels },
      annotations: { ...record.annotations, ...marked.annotations },
    },
    data: dataOf(record),
  }
}

/** The Secret that is there, with what the record says in the place of what it said. Throws InvalidArgument. */
export function updatedClusterSecret(current: KubeObject, record: ClusterRecord): KubeObject {
  refuseApplied(record)
  const marked = markedMetadata('cluster')
  const { [annotation.lastApplied]: applied } = current.metadata.annotations ?? {}
  return {
    ...current,
    metadata: {
      ...current.metadata,
      labels: { ...record.labels, ...marked.labels },
      annotations: {
        ...record.annotations,
        ...marked.annotations,
        ...(applied !== undefined && { [annotation.lastApplied]: applied }),
      },
    },
    data: dataOf(record),
  }
}

function dataOf(record: ClusterRecord): Record<string, string> {
  const { server, name, namespaces, clusterResources, shard, project, config } = record
  const texts = {
    server: withoutSlash(server),
    name: name || server,
    config: JSON.stringify(config),
    ...(namespaces.length > 0 && { namespaces: namespaces.join(',') }),
    ...(clusterResources && { clusterResources: 'true' }),
    ...(shard !== undefined && { shard: String(shard) }),
    ...(project && { project }),
  }
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encoded(text)]))
}

/** It would keep the credentials in a place where nobody looks for them. */
function refuseApplied({ annotations }: ClusterRecord): void {
  if (annotations[annotation.lastApplied] === undefined) return
  throw new ApiError('InvalidArgument', `the annotation ${annotation.lastApplied} cannot be set on a cluster`)
}
