/** The Pods of an application by where they run, or by what they belong to. Pure. */
import type { ApplicationTree } from '../../../lib/api.ts'
import { allNodes, type GraphNode, isCalm } from '../tree/graph.ts'

export const groupings = ['node', 'owner'] as const
export type Grouping = (typeof groupings)[number]

export interface Capacity {
  /** `cpu`, `memory` or `storage`. */
  resource: string
  /** In whole units: cores, or bytes. */
  total: number
  byApplication: number
  byOthers: number
}

export interface PodGroup {
  id: string
  /** Empty: they are on no node yet. */
  title: string
  /** Of an owner. */
  owner?: GraphNode
  capacities: Capacity[]
  pods: GraphNode[]
  /** Those that something is wrong with. */
  troubled: GraphNode[]
}

export function podGroups(root: GraphNode, hosts: ApplicationTree['hosts'], grouping: Grouping): PodGroup[] {
  return grouping === 'node' ? byNode(root, hosts) : byOwner(root)
}

function byNode(root: GraphNode, hosts: ApplicationTree['hosts']): PodGroup[] {
  const pods = podsBelow(root)
  const names = [...new Set([...hosts.map(({ name }) => name), ...pods.map(nodeOf)])].sort(waitingFirst)
  return names.flatMap((name) => {
    const own = pods.filter((pod) => nodeOf(pod) === name)
    const host = hosts.find((one) => one.name === name)
    return own.length === 0 ? [] : [groupOf(name, own, capacitiesOf(host))]
  })
}

function byOwner(root: GraphNode): PodGroup[] {
  return root.children.flatMap((owner) => {
    const pods = podsBelow(owner)
    return pods.length === 0 ? [] : [{ ...groupOf(owner.id, pods, []), title: owner.name, owner }]
  })
}

function groupOf(id: string, pods: GraphNode[], capacities: Capacity[]): PodGroup {
  return { id, title: id, capacities, pods, troubled: pods.filter((pod) => !isCalm(pod)) }
}

export function podsBelow(node: GraphNode): GraphNode[] {
  return [...allNodes(node)].filter(
    ({ type, address }) => type === 'resource' && address?.group === '' && address.kind === 'Pod',
  )
}

export function infoOf({ node }: GraphNode, name: string): string | undefined {
  return node?.info?.find((item) => item.name === name)?.value
}

function nodeOf(pod: GraphNode): string {
  return infoOf(pod, 'Node') ?? ''
}

function waitingFirst(one: string, other: string): number {
  if (one === '' || other === '') return one === other ? 0 : one === '' ? -1 : 1
  return one < other ? -1 : 1
}

/** They are told in thousandths. */
function capacitiesOf(host: ApplicationTree['hosts'][number] | undefined): Capacity[] {
  return (host?.resourcesInfo ?? [])
    .filter(({ resourceName }) => resourceName !== 'storage')
    .map(({ resourceName, capacity, requestedByApp, requestedByNeighbors }) => ({
      resource: resourceName,
      total: capacity / 1000,
      byApplication: requestedByApp / 1000,
      byOthers: requestedByNeighbors / 1000,
    }))
}
