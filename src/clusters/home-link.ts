/** The cluster that Tiphys runs in: followed from the start, over the connections that steer Tiphys as well. */
import { deepEqual } from 'fast-equals'
import type { KubeClient, LiveCluster } from '../live/index.ts'
import { rememberWrites } from '../live/index.ts'
import type { ClusterConnection } from './cluster.ts'
import type { ClusterLinkOptions } from './cluster-link.ts'
import type { ClusterRecord } from './cluster-record.ts'
import type { RunningCluster } from './open-clusters.ts'

export type HomeLinkOptions = Omit<ClusterLinkOptions, 'credentials'> & { client: KubeClient }

/** When it is away nothing can be said of anything: nobody asks whether it is there. */
export function homeLink(first: ClusterRecord, options: HomeLinkOptions): RunningCluster {
  const { client: direct, openLive, onChange, onKinds, onNews, clock } = options
  let record = first
  let followed = open()

  function open(): { live: LiveCluster; client: KubeClient } {
    const { namespaces, clusterResources } = record
    const live = openLive(direct, { namespaces, clusterResources })
    live.onChange(onChange)
    live.onKinds(onKinds)
    live.onProblem(onNews)
    return { live, client: rememberWrites(direct, live) }
  }

  function connection(): ClusterConnection {
    const { live } = followed
    const problem = live.problem()
    const { version, status } = live.state()
    const checkedAt = clock.now()
    return {
      server: record.server,
      name: record.name,
      status: status === 'synced' ? 'Successful' : status === 'failing' ? 'Failed' : 'Unknown',
      message: problem ?? '',
      checkedAt,
      ...(version !== undefined && { version }),
      ...(problem === undefined && { heardAt: checkedAt }),
      requests: direct.requests,
      live,
    }
  }

  return {
    get live() {
      return followed.live
    },
    get client() {
      return followed.client
    },
    change(next) {
      const scope = ({ namespaces, clusterResources }: ClusterRecord) => ({ namespaces, clusterResources })
      const isSameScope = deepEqual(scope(record), scope(next))
      record = next
      if (isSameScope) return
      const { live } = followed
      followed = open()
      void live.close()
    },
    isOpening: () => false,
    connection,
    relist: () => followed.live.retrack(),
    close: () => followed.live.close(),
  }
}
