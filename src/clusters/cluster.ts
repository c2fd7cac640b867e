/** A cluster that applications go to, and what is known of the connection to it. */
import type { KubeClient, LiveChange, LiveCluster } from '../live/index.ts'

export interface Cluster {
  server: string
  name: string
  /** The project that it is registered for alone. */
  project?: string
  /** Only these; absent: all. */
  namespaces?: string[]
  /** With `namespaces`: objects that are in none count nevertheless. */
  clusterResources?: boolean
  /** Read off for the first time, it begins to be followed. */
  readonly live: LiveCluster
  /** Whose writes `live` sees at once. */
  readonly client: KubeClient
}

/** As an application names it. */
export interface Destination {
  server?: string
  name?: string
}

/**
 * `unknown`: nobody has registered it. `unusable`: it has to be put right first, and is not gone. `left alone`: its Secret
 * asks for that.
 */
export interface DestinationFault {
  kind: 'unknown' | 'unusable' | 'left alone'
  message: string
}

export interface ClusterConnection {
  server: string
  name: string
  /** In Argo CD's words. */
  status: 'Successful' | 'Failed' | 'Unknown'
  message: string
  /** When it was last asked, in milliseconds since the epoch; absent: never yet. */
  checkedAt?: number
  /** Of Kubernetes. */
  version?: string
  /** When it last answered anything, in milliseconds since the epoch. */
  heardAt?: number
  /** Requests sent so far, by verb. */
  requests: Record<string, number>
  /** Absent as long as no application needs it. */
  live?: LiveCluster
}

export interface Clusters {
  find(destination: Destination): Cluster | undefined
  /** Why `find` finds nothing, and what to do; undefined: it finds one. */
  fault(destination: Destination): DestinationFault | undefined
  /** True while it is too early to say anything of the cluster: it is being read for the first time. Begins that. */
  isOpening(destination: Destination): boolean
  /** undefined: no such server is registered, or its Secrets are of no use. */
  connection(server: string): ClusterConnection | undefined
  connections(): ClusterConnection[]
  /** Told of changes in all clusters that are followed. The answer ends it. */
  onChange(listener: (change: LiveChange, cluster: Cluster) => void): () => void
  /** Lists every object of a cluster anew, while what is known of it stays in place. */
  relist(server: string): void
  /** Told when what is to be thought of the applications of one has changed, and without one of all. */
  onNews(listener: (cluster?: Cluster) => void): () => void
}
