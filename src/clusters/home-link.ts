/** The cluster that Tiphys runs in: followed from the start, over the connections that steer Tiphys as well. */
import { deepEqual } from 'fast-equals'
import type { KubeClient } from '../live/index.ts'
import type { ClusterConnection } from './cluster.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { Following, type FollowingOptions, scopeOf } from './following.ts'
import type { RunningCluster } from './open-clusters.ts'

export interface HomeLinkOptions extends FollowingOptions {
  client: KubeClient
}

/** When it is away nothing can be said of anything: nobody asks whether it is there. */
export function homeLink(first: ClusterRecord, options: HomeLinkOptions): RunningCluster {
  const { client: direct, clock } = options
  let record = first
  let following = new Following(direct, scopeOf(record), options)

  function connection(): ClusterConnection {
    const { live } = following
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
      return following.live
    },
    get client() {
      return following.client
    },
    change(next) {
      const before = record
      record = next
      if (deepEqual(scopeOf(before), scopeOf(next))) return
      const old = following
      following = new Following(direct, scopeOf(next), options)
      void old.close()
    },
    isOpening: () => following.live.state().status !== 'failing' && following.isOpening(),
    connection,
    relist: () => following.live.retrack(),
    close: () => following.close(),
  }
}
