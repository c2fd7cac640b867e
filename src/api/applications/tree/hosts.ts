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

type Pods = Pick<LiveCluster, 'get' | 'ofKind'>

export interface HostsRequest {
  live: Pods
  /** Of the application. */
  pods: LiveObject[]
  /** Labels of nodes that may be shown. */
  labels: string[]
}

export async function hostsOf({ live, pods, labels }: HostsRequest): Promise<HostInfo[]> {
  const names = [...new Set(pods.map((pod) => podFacts(pod).node))].filter(Boolean).sort()
  if (names.length === 0) return []
  const loads = await loadsOf(live)
  return names.flatMap((name) => {
    const node = live.get({ group: '', kind: 'Node', namespace: '', name })
    const own = pods.filter((pod) => podFacts(pod).node === name)
    return node ? [hostOf(node, { usage: usageOf(own, loads.get(name)), labels })] : []
  })
}

/** What runs on one node, by the uid of its Pod. */
interface Load {
  total: PodRequests
  byPod: Map<string, PodRequests>
}

/** An application has a few of the Pods of its nodes: all of them are counted for many trees at a time. */
const countedMs = 1000
const counted = new WeakMap<Pods, { at: number; loads: Promise<Map<string, Load>> }>()

function loadsOf(live: Pods): Promise<Map<string, Load>> {
  const known = counted.get(live)
  if (known && performance.now() - known.at < countedMs) return known.loads
  const loads = countLoads(live)
  counted.set(live, { at: performance.now(), loads })
  return loads
}

async function countLoads(live: Pods): Promise<Map<string, Load>> {
  const loads = new Map<string, Load>()
  for (const [index, pod] of live.ofKind({ group: '', kind: 'Pod' }).entries()) {
    if (index % atOnce === atOnce - 1) await nextTurn()
    const { node, requests, ended } = podFacts(pod)
    if (ended) continue
    const load = loads.get(node) ?? { total: nothing, byPod: new Map() }
    load.total = combined(load.total, requests, 1)
    load.byPod.set(pod.uid, requests)
    loads.set(node, load)
  }
  return loads
}

interface Usage {
  app: PodRequests
  neighbours: PodRequests
}

function usageOf(own: LiveObject[], load: Load = { total: nothing, byPod: new Map() }): Usage {
  const app = own.reduce((sum, pod) => combined(sum, podFacts(pod).requests, 1), nothing)
  const neighbours = own.reduce((rest, { uid }) => combined(rest, load.byPod.get(uid) ?? nothing, -1), load.total)
  return { app, neighbours }
}

const nothing: PodRequests = { cpu: 0, memory: 0, storage: 0 }

function combined(one: PodRequests, other: PodRequests, sign: 1 | -1): PodRequests {
  return {
    cpu: one.cpu + sign * other.cpu,
    memory: one.memory + sign * other.memory,
    storage: one.storage + sign * other.storage,
  }
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
