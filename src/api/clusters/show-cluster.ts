/** What a cluster is answered as: field by field, so that nothing of its credentials can be among it. */
import type { Application } from '../../model/index.ts'
import { type Cluster, clusterFor } from '../../reconcile/stages.ts'
import type { Services } from '../services.ts'
import type { ClusterRecord } from './cluster-secret.ts'

export function shownCluster(
  record: ClusterRecord,
  { stages, controlPlane }: Pick<Services, 'stages' | 'controlPlane'>,
) {
  const { server, name, namespaces, clusterResources, shard, project, labels, annotations, refreshRequestedAt } = record
  const attemptedAt = new Date(stages.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const info = infoOf(record, {
    attemptedAt,
    cluster: clusterFor({ server }, stages.clusters),
    applications: controlPlane.applications(),
  })
  return {
    server,
    name,
    ...(namespaces.length > 0 && { namespaces }),
    ...(clusterResources && { clusterResources }),
    ...(shard !== undefined && { shard }),
    ...(project && { project }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(refreshRequestedAt && { refreshRequestedAt }),
    config: shownConfig(record.config),
    info,
    connectionState: info.connectionState,
    ...(info.serverVersion && { serverVersion: info.serverVersion }),
  }
}

type Config = ClusterRecord['config']

/** Arguments and variables of programs may be secret, and so may the user: they are left out, as in Argo CD. */
function shownConfig(config: Config) {
  const tls = recordOf(config.tlsClientConfig)
  const aws = recordOf(config.awsAuthConfig)
  const awsAuthConfig = texts(aws, ['clusterName', 'roleARN', 'profile'])
  return {
    tlsClientConfig: { insecure: tls.insecure === true, ...texts(tls, ['serverName']) },
    ...(Object.keys(awsAuthConfig).length > 0 && { awsAuthConfig }),
    ...proxyOf(config),
    ...(config.disableCompression === true && { disableCompression: true }),
  }
}

function proxyOf({ proxyUrl }: Config): { proxyUrl?: string } {
  if (typeof proxyUrl !== 'string' || proxyUrl === '') return {}
  return { proxyUrl: proxyUrl.replace(/\/\/[^/@]*@/, '//') }
}

function texts<Name extends string>(from: Config, names: Name[]): { [Key in Name]?: string } {
  const given = names.flatMap((name) =>
    typeof from[name] === 'string' && from[name] !== '' ? [[name, from[name]]] : [],
  )
  return Object.fromEntries(given)
}

function recordOf(value: unknown): Config {
  return typeof value === 'object' && value !== null ? (value as Config) : {}
}

interface InfoContext {
  /** As far as Tiphys is connected to it. */
  cluster: Cluster | undefined
  applications: Application[]
  attemptedAt: string
}

interface ClusterInfo {
  connectionState: { status: string; message: string; attemptedAt: string }
  serverVersion?: string
  cacheInfo?: { resourcesCount: number; apisCount: number }
  applicationsCount: number
  apiVersions?: string[]
}

function infoOf(
  { server, name, fault }: ClusterRecord,
  { cluster, applications, attemptedAt }: InfoContext,
): ClusterInfo {
  const applicationsCount = applications.filter(({ spec: { destination } }) =>
    destination.server ? destination.server === server : destination.name === name,
  ).length
  if (!cluster) return { connectionState: { ...notConnected(fault), attemptedAt }, applicationsCount }
  const { status, message, version, kinds, objects } = cluster.live.state()
  const connected = status === 'synced' || kinds.length > 0
  return {
    connectionState: { status: states[status], message: message ?? '', attemptedAt },
    ...(version && { serverVersion: version }),
    cacheInfo: { resourcesCount: objects, apisCount: kinds.length },
    applicationsCount,
    ...(connected && { apiVersions: cluster.live.resources().versions }),
  }
}

const states = { synced: 'Successful', failing: 'Failed', connecting: 'Unknown', syncing: 'Unknown' } as const

function notConnected(fault: string | undefined) {
  if (fault) return { status: 'Failed', message: fault }
  return {
    status: 'Unknown',
    message: 'Tiphys does not connect to other clusters yet: applications that go there are not synced',
  }
}
