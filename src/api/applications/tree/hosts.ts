/** The nodes that an application's Pods run on: what they can hold, and who takes how much of it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HostInfo } from '../../../contract/resource-tree-kinds.ts'
import { milliValue } from '../../../diff/index.ts'
import type { LiveCluster, LiveObject } from '../../../live/index.ts'
import { fieldAt, textAt, textMapAt } from './fields.ts'
import { hasEnded } from './pod-info.ts'
import { type PodRequests, podRequests } from './pod-requests.ts'

interface PodFacts {
  node: string
  requests: PodRequests
  ended: boolean
}

const remembered = new WeakMap<LiveObject, PodFacts>()

function podFacts(pod: LiveObject): PodFacts {
  const known = remembered.get(pod)
  if (known) return known
  const { object } = pod
  const facts = { node: textAt(object, 'spec', 'nodeName'), requests: podRequests(object), ended: hasEnded(object) }
  remembered.set(pod, facts)
  return facts
}

const resourceNames = ['cpu', 'memory', 'storage'] as const
/** Unpacked in one go; others have their turn in between. */
const atOnce = 500

export interface HostsRequest {
  live: Pick<LiveCluster, 'get' | 'ofKind'>
  /** Of the application. */
  pods: LiveObject[]
  /** Labels of nodes that may be shown. */
  labels: string[]
}

export async function hostsOf({ live, pods, labels }: HostsRequest): Promise<HostInfo[]> {
  const own = new Set(pods.map(({ uid }) => uid))
  const names = [...new Set(pods.map((pod) => podFacts(pod).node))].filter(Boolean).sort()
  if (names.length === 0) return []
  const byNode = new Map(names.map((name): [string, Usage] => [name, { app: [], neighbours: [] }]))
  for (const [index, pod] of live.ofKind({ group: '', kind: 'Pod' }).entries()) {
    if (index % atOnce === atOnce - 1) await nextTurn()
    const { node, requests, ended } = podFacts(pod)
    const usage = byNode.get(node)
    if (own.has(pod.uid)) usage?.app.push(requests)
    else if (!ended) usage?.neighbours.push(requests)
  }
  return [...byNode].flatMap(([name, usage]) => {
    const node = live.get({ group: '', kind: 'Node', namespace: '', name })
    return node ? [hostOf(node, { usage, labels })] : []
  })
}

interface Usage {
  app: PodRequests[]
  neighbours: PodRequests[]
}

function hostOf({ object, key }: LiveObject, { usage, labels }: { usage: Usage; labels: string[] }): HostInfo {
  const systemInfo = fieldAt(object, 'status', 'nodeInfo')
  const shown = Object.entries(textMapAt(object, 'metadata', 'labels')).filter(([name]) => labels.includes(name))
  const sum = (of: PodRequests[], name: keyof PodRequests) => of.reduce((total, requests) => total + requests[name], 0)
  const resourcesInfo = resourceNames
    .map((name) => ({
      resourceName: name,
      capacity: milliValue(fieldAt(object, 'status', 'capacity', name)),
      requestedByApp: sum(usage.app, name),
      requestedByNeighbors: sum(usage.neighbours, name),
    }))
    .filter(({ capacity }) => capacity > 0)
  return {
    name: key.name,
    ...(typeof systemInfo === 'object' && systemInfo !== null && { systemInfo }),
    resourcesInfo,
    labels: Object.fromEntries(shown),
  }
}
