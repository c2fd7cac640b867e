/** The clusters of an installation at run time: opened, changed and closed as their Secrets say. */
import { deepEqual } from 'fast-equals'
import { type Clock, systemClock } from '../kube/clock.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import type { ControlPlane, KubeClient, LiveChange, LiveCluster } from '../live/index.ts'
import { messageOf } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { Cluster, ClusterConnection, Clusters, Destination, DestinationFault } from './cluster.ts'
import { clusterCredentials } from './cluster-credentials.ts'
import { ClusterLink } from './cluster-link.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { clusterRecords, inClusterServer } from './cluster-records.ts'
import type { FollowingOptions } from './following.ts'
import { homeLink } from './home-link.ts'
import { isFault, type Registry, registryOf } from './registry.ts'

interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface ClustersOptions {
  controlPlane: Pick<ControlPlane, 'secretsOfType' | 'hasInCluster'>
  /** The cluster that Tiphys runs in. */
  home: { credentials: ClusterCredentials; client: KubeClient }
  openLive: FollowingOptions['openLive']
  log: Log
  clock?: Clock
  tracer?: Tracer
}

export interface OpenClusters extends Clusters {
  /** Resolves when the cluster that Tiphys runs in is known, if it is to be followed. No other is waited for. */
  ready(): Promise<void>
  /** The Secrets, or the settings, have changed. */
  refresh(): void
  /** Those that are followed. */
  followed(): LiveCluster[]
  close(): Promise<void>
}

/** What a cluster is at run time, whichever it is. */
export interface RunningCluster {
  readonly live: LiveCluster
  readonly client: KubeClient
  change(record: ClusterRecord, credentials: ClusterCredentials): void
  isOpening(): boolean
  connection(): ClusterConnection
  relist(): void
  close(): Promise<void>
}

interface Entry {
  record: ClusterRecord
  credentials: ClusterCredentials
  running: RunningCluster
  /** As it is handed out; another one after each change of its Secret. */
  cluster: Cluster
}

export function openClusters(options: ClustersOptions): OpenClusters {
  const { controlPlane, home, log, clock = systemClock, openLive, tracer } = options
  const entries = new Map<string, Entry>()
  /** Why a record is of no use, by server. */
  const faults = new Map<string, string>()
  const changeListeners = new Set<Parameters<Clusters['onChange']>[0]>()
  const newsListeners = new Set<Parameters<Clusters['onNews']>[0]>()
  const closing = new Set<Promise<void>>()
  let registry: Registry = registryOf([])

  function refresh(): void {
    const before = registry.records
    registry = registryOf(clusterRecords(controlPlane))
    if (deepEqual(essence(before), essence(registry.records))) return
    const wanted = new Map(registry.records.flatMap((record) => (usable(record) ? [[record.server, record]] : [])))
    for (const [server, entry] of entries) if (!wanted.has(server)) forget(server, entry)
    for (const record of wanted.values()) take(record)
    tell()
  }

  function usable({ server }: ClusterRecord): boolean {
    return !isFault(registry.resolve({ server }))
  }

  function take(record: ClusterRecord): void {
    const { server, name } = record
    const known = entries.get(server)
    if (known && deepEqual(essence([known.record]), essence([record]))) return
    try {
      const credentials = clusterCredentials(record, server === inClusterServer ? home.credentials : undefined)
      faults.delete(server)
      // With credentials of its own the cluster that Tiphys runs in is one like all others.
      const isOther = known && isOwn(known.credentials) !== isOwn(credentials)
      if (isOther) forget(server, known)
      if (!known || isOther) add(record, credentials)
      else {
        known.running.change(record, credentials)
        entries.set(server, { ...known, record, credentials, cluster: handle(record, known.running) })
        log.info({ cluster: name, server }, 'a cluster has changed')
      }
    } catch (error) {
      faults.set(server, messageOf(error))
      log.warn({ cluster: name, server, error: messageOf(error) }, 'a cluster cannot be used')
      if (known) forget(server, known)
    }
  }

  function add(record: ClusterRecord, credentials: ClusterCredentials): void {
    const { server, name } = record
    const told = {
      openLive,
      onChange: (change: LiveChange) => tellChange(server, change),
      onKinds: () => tellOf(server),
      onNews: () => tellOf(server),
      clock,
      tracer,
    }
    const running = isOwn(credentials)
      ? homeLink(record, { ...told, client: home.client })
      : new ClusterLink(record, { ...told, credentials })
    entries.set(server, { record, credentials, running, cluster: handle(record, running) })
    if (server !== inClusterServer) log.info({ cluster: name, server }, 'a cluster is registered')
  }

  function isOwn({ authenticate }: ClusterCredentials): boolean {
    return authenticate === home.credentials.authenticate
  }

  function forget(server: string, { record, running }: Entry): void {
    entries.delete(server)
    const closed = running.close().catch((error: unknown) => {
      log.warn({ cluster: record.name, error: messageOf(error) }, 'a cluster could not be closed')
    })
    closing.add(closed)
    void closed.finally(() => closing.delete(closed))
    log.info({ cluster: record.name, server }, 'a cluster is not used any more')
  }

  function tellChange(server: string, change: LiveChange): void {
    const cluster = entries.get(server)?.cluster
    if (cluster) for (const listener of changeListeners) listener(change, cluster)
  }

  function tellOf(server: string): void {
    const cluster = entries.get(server)?.cluster
    if (cluster) tell(cluster)
  }

  function tell(cluster?: Cluster): void {
    for (const listener of newsListeners) listener(cluster)
  }

  function entryOf(destination: Destination): Entry | DestinationFault {
    const record = registry.resolve(destination)
    if (isFault(record)) return record
    const entry = entries.get(record.server)
    if (entry) return entry
    const why = faults.get(record.server) ?? 'it is being opened'
    return { kind: 'unusable', message: `the destination cluster ${record.name} cannot be used: ${why}` }
  }

  refresh()

  return {
    find(destination) {
      const entry = entryOf(destination)
      return 'kind' in entry ? undefined : entry.cluster
    },
    fault(destination) {
      const entry = entryOf(destination)
      return 'kind' in entry ? entry : undefined
    },
    isOpening(destination) {
      const entry = entryOf(destination)
      return !('kind' in entry) && entry.running.isOpening()
    },
    connection(server) {
      const entry = entryOf({ server })
      if (!('kind' in entry)) return entry.running.connection()
      const record = registry.records.find((one) => one.server === server)
      const status = entry.kind === 'left alone' ? 'Unknown' : 'Failed'
      return record && { server, name: record.name, status, message: entry.message, requests: {} }
    },
    connections: () => [...entries.values()].map(({ running }) => running.connection()),
    relist(server) {
      entries.get(server)?.running.relist()
    },
    onChange(listener) {
      changeListeners.add(listener)
      return () => void changeListeners.delete(listener)
    },
    onNews(listener) {
      newsListeners.add(listener)
      return () => void newsListeners.delete(listener)
    },
    async ready() {
      await entries.get(inClusterServer)?.cluster.live.ready()
    },
    refresh,
    followed: () => [...entries.values()].flatMap(({ running }) => running.connection().live ?? []),
    async close() {
      for (const [server, entry] of entries) forget(server, entry)
      await Promise.all(closing)
    },
  }
}

/** What of the records matters here. */
function essence(records: ClusterRecord[]) {
  return records.map(({ server, name, namespaces, clusterResources, project, config, fault, secret, isLeftAlone }) => ({
    server,
    name,
    namespaces,
    clusterResources,
    project,
    config,
    fault,
    isLeftAlone,
    secret: secret?.metadata.name,
  }))
}

/** With what its Secret said when it was made. */
function handle(
  { server, name, project, namespaces, clusterResources }: ClusterRecord,
  running: RunningCluster,
): Cluster {
  return {
    server,
    name,
    ...(project && { project }),
    ...(namespaces.length > 0 && { namespaces, clusterResources }),
    get live() {
      return running.live
    },
    get client() {
      return running.client
    },
  }
}
