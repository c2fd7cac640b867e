/** What a cluster is answered as: field by field, so that nothing of its credentials can be among it. */
import { type ClusterConnection, type ClusterRecord, withoutSlash } from '../../clusters/index.ts'
import type { Application } from '../../model/index.ts'
import { timestamp } from '../../reconcile/status.ts'
import type { Services } from '../services.ts'

export function shownCluster(
  record: ClusterRecord,
  { stages, controlPlane }: Pick<Services, 'stages' | 'controlPlane'>,
) {
  const { server, name, namespaces, clusterResources, shard, project, labels, annotations, refreshRequestedAt } = record
  const info = infoOf(record, {
    connection: stages.clusters.connection(server),
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
  return { proxyUrl: proxyUrl.replace(/\/\/[^/]*@/, '//') }
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
  connection: ClusterConnection | undefined
  applications: Application[]
}

interface ClusterInfo {
  connectionState: { status: string; message: string; attemptedAt: string | null }
  serverVersion?: string
  cacheInfo?: { resourcesCount: number; apisCount: number; lastCacheSyncTime?: string }
  applicationsCount: number
  apiVersions?: string[]
}

function infoOf({ server, name, fault }: ClusterRecord, { connection, applications }: InfoContext): ClusterInfo {
  const applicationsCount = applications.filter(({ spec: { destination } }) =>
    destination.server ? withoutSlash(destination.server) === server : destination.name === name,
  ).length
  const { status = 'Unknown', message = '', checkedAt, version, live, heardAt } = connection ?? {}
  const connectionState = {
    status: fault ? 'Failed' : status,
    message: fault ?? message,
    attemptedAt: checkedAt === undefined ? null : timestamp(new Date(checkedAt)),
  }
  if (!live) return { connectionState, ...(version && { serverVersion: version }), applicationsCount }
  const { kinds, objects } = live.state()
  return {
    connectionState,
    ...(version && { serverVersion: version }),
    cacheInfo: {
      resourcesCount: objects,
      apisCount: kinds.length,
      ...(heardAt !== undefined && { lastCacheSyncTime: timestamp(new Date(heardAt)) }),
    },
    applicationsCount,
    ...(kinds.length > 0 && { apiVersions: live.resources().versions }),
  }
}
