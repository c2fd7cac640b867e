/** A cluster as its Secret keeps it, in Argo CD's format. Pure. */
import { annotation, type KubeObject, label } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { encoded, markedMetadata } from '../secret-fields.ts'
import { clusterSecretName } from '../secret-name.ts'

export interface ClusterRecord {
  /** None for the cluster that Tiphys runs in, unless somebody has made one. */
  secret?: KubeObject
  server: string
  name: string
  namespaces: string[]
  clusterResources: boolean
  shard?: number
  project: string
  labels: Record<string, string>
  annotations: Record<string, string>
  /** With its credentials: never to be answered. */
  config: Record<string, unknown>
  refreshRequestedAt?: string
  /** Why the config cannot be used. */
  fault?: string
}

export function readClusterSecret(secret: KubeObject, data: Record<string, string>): ClusterRecord {
  const { [label.secretType]: _type, ...labels } = secret.metadata.labels ?? {}
  const {
    [annotation.lastApplied]: _applied,
    [annotation.managedBy]: _managedBy,
    ...annotations
  } = secret.metadata.annotations ?? {}
  const shard = Number.parseInt(data.shard ?? '', 10)
  const refreshRequestedAt = annotations[annotation.refresh]
  return {
    secret,
    server: trimmed(data.server ?? ''),
    name: data.name ?? '',
    namespaces: listOf(data.namespaces),
    clusterResources: data.clusterResources === 'true',
    ...(Number.isInteger(shard) && { shard }),
    project: data.project ?? '',
    labels,
    annotations,
    ...(refreshRequestedAt !== undefined && { refreshRequestedAt }),
    ...readConfig(data.config),
  }
}

function readConfig(text = ''): Pick<ClusterRecord, 'config' | 'fault'> {
  if (text.trim() === '') return { config: {} }
  try {
    const config: unknown = JSON.parse(text)
    if (typeof config === 'object' && config !== null) return { config: config as Record<string, unknown> }
  } catch {
    // The parser's own words would repeat what stands there.
  }
  return { config: {}, fault: 'the config in its Secret is not JSON: correct it' }
}

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
    server: trimmed(server),
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

function trimmed(server: string): string {
  return server.replace(/\/+$/, '')
}

function listOf(text = ''): string[] {
  return text.split(',').flatMap((part) => part.trim() || [])
}
