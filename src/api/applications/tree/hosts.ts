/** The nodes that an application's Pods run on: what they can hold, and who takes how much of it. */
import type { HostInfo } from '../../../contract/resource-tree-kinds.ts'
import { combined, type LiveCluster, type LiveObject, type PodRequests, takesNothing } from '../../../live/index.ts'
import { fieldAt, milliValue, textMapAt } from '../../../model/index.ts'

const resourceNames = ['cpu', 'memory', 'storage'] as const

export interface HostsRequest {
  live: Pick<LiveCluster, 'get' | 'takenOn'>
  /** Of the application. */
  pods: LiveObject[]
  /** Labels of nodes that may be shown. */
  labels: string[]
}

interface Usage {
  app: PodRequests
  neighbours: PodRequests
}

export function hostsOf({ live, pods, labels }: HostsRequest): HostInfo[] {
  const loads = pods.flatMap(({ load }) => load ?? [])
  const names = [...new Set(loads.map(({ node }) => node))].sort()
  return names.flatMap((name) => {
    const node = live.get({ group: '', kind: 'Node', namespace: '', name })
    const own = loads.filter((load) => load.node === name)
    const app = own.reduce<PodRequests>((sum, load) => combined(sum, load, 1), takesNothing)
    const neighbours = combined(live.takenOn(name), app, -1)
    return node ? [hostOf(node, { usage: { app, neighbours }, labels })] : []
  })
}

function hostOf({ object, key }: LiveObject, { usage, labels }: { usage: Usage; labels: string[] }): HostInfo {
  const systemInfo = fieldAt(object, 'status', 'nodeInfo')
  const shown = Object.entries(textMapAt(object, 'metadata', 'labels')).filter(([name]) => labels.includes(name))
  const resourcesInfo = resourceNames
    .map((name) => ({
      resourceName: name,
      capacity: milliValue(fieldAt(object, 'status', 'capacity', name)),
      requestedByApp: usage.app[name],
      requestedByNeighbors: usage.neighbours[name],
    }))
    .filter(({ capacity }) => capacity > 0)
  return {
    name: key.name,
    ...(typeof systemInfo === 'object' && systemInfo !== null && { systemInfo }),
    resourcesInfo,
    labels: Object.fromEntries(shown),
  }
}
