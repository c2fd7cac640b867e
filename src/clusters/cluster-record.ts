/** A cluster as its Secret says, in Argo CD's format. Pure. */
import { annotation, isSkipped, type KubeObject, label } from '../model/index.ts'

export interface ClusterRecord {
  /** None for the cluster that Tiphys runs in, unless somebody has made one. */
  secret?: KubeObject
  server: string
  name: string
  /** Only these; empty: all. */
  namespaces: string[]
  /** With `namespaces`: objects that are in none count nevertheless. */
  clusterResources: boolean
  shard?: number
  /** The project that it is registered for alone; empty: for all. */
  project: string
  labels: Record<string, string>
  annotations: Record<string, string>
  /** With its credentials: never to be answered. */
  config: Record<string, unknown>
  refreshRequestedAt?: string
  /** Somebody has said on its Secret that what goes there is to be left alone: it may be another's to look after. */
  isLeftAlone?: boolean
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
    server: withoutSlash(data.server ?? ''),
    name: data.name ?? '',
    namespaces: listOf(data.namespaces),
    clusterResources: data.clusterResources === 'true',
    ...(Number.isInteger(shard) && { shard }),
    project: data.project ?? '',
    labels,
    annotations,
    ...(refreshRequestedAt !== undefined && { refreshRequestedAt }),
    ...(isSkipped(annotations) && { isLeftAlone: true }),
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

/** As addresses are compared. */
export function withoutSlash(server: string): string {
  return server.replace(/\/+$/, '')
}

function listOf(text = ''): string[] {
  return text.split(',').flatMap((part) => part.trim() || [])
}
