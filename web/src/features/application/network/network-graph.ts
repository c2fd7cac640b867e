/** How an application is reached: addresses, what answers there, the Services behind it, and their Pods. Pure. */
import type { ResourceNode } from '../../../lib/api.ts'
import { resourceParameter } from '../../../lib/paths.ts'
import { isWebAddress, readLink } from '../header/outer-links.ts'
import { allNodes, type GraphNode, podStrip } from '../tree/graph.ts'
import { compareNodes } from '../tree/node-order.ts'

export interface NetworkGraph {
  roots: GraphNode[]
  /** Ways beyond those that the tree draws, from one node to another. */
  more: [string, string][]
}

export function networkGraph(root: GraphNode): NetworkGraph {
  const resources = [...allNodes(root)].filter(({ type }) => type === 'resource')
  const reached = resources.filter(({ node, kind }) => node?.networkingInfo && kind !== 'Pod')
  const byId = new Map(reached.map((one) => [one.id, one]))
  const groups = podGroups(root)
  const nodes = new Map<string, GraphNode>()
  const ways: [string, string][] = []
  for (const one of reached) {
    const { targetRefs = [], targetLabels, ingress = [], externalURLs = [] } = one.node?.networkingInfo ?? {}
    nodes.set(one.id, { ...one, children: [] })
    for (const ref of targetRefs) {
      const target = resourceParameter(ref)
      // A route names the gateway that it hangs on: the way is the other one.
      if (byId.has(target)) ways.push(ref.kind === 'Gateway' ? [target, one.id] : [one.id, target])
    }
    for (const group of groups) {
      if (!selects(targetLabels, one.address?.namespace, group)) continue
      nodes.set(group.strip.id, group.strip)
      ways.push([one.id, group.strip.id])
    }
    const balancers = ingress.flatMap(({ hostname, ip }) => hostname || ip || [])
    for (const text of externalURLs.length > 0 ? externalURLs : balancers) {
      const address = addressNode(text)
      nodes.set(address.id, address)
      ways.push([address.id, one.id])
    }
  }
  return asForest(nodes, ways)
}

interface PodGroup {
  strip: GraphNode
  pods: GraphNode[]
}

/** The Pods of each owner. */
function podGroups(root: GraphNode): PodGroup[] {
  const groups: PodGroup[] = []
  const visit = (owner: GraphNode) => {
    const pods = owner.children.flatMap((child) =>
      child.type === 'pods' ? (child.members ?? []) : isPod(child) ? [child] : [],
    )
    const [only] = pods
    if (only) groups.push({ pods, strip: pods.length === 1 ? only : { ...podStrip(owner.id, pods), name: owner.name } })
    for (const child of owner.children) visit(child)
  }
  visit(root)
  return groups
}

function isPod({ address }: GraphNode): boolean {
  return address?.group === '' && address.kind === 'Pod'
}

/** A Service without a selector leads nowhere by labels. */
function selects(labels: Record<string, string> = {}, namespace: string | undefined, { pods }: PodGroup): boolean {
  const wanted = Object.entries(labels)
  if (wanted.length === 0) return false
  return pods.some(({ address, node }) => address?.namespace === namespace && hasLabels(node, wanted))
}

function hasLabels(node: ResourceNode | undefined, wanted: [string, string][]): boolean {
  const labels = node?.networkingInfo?.labels ?? {}
  return wanted.every(([name, value]) => labels[name] === value)
}

function addressNode(text: string): GraphNode {
  const { title, url } = readLink(text)
  return {
    id: `address ${url}`,
    type: 'address',
    kind: 'Address',
    name: title,
    isDeclared: true,
    isMissing: false,
    isPruned: false,
    children: [],
    ...(isWebAddress(url) && { href: url }),
  }
}

/** Each node below the first that leads to it; what else leads to it is a line of its own. */
function asForest(nodes: Map<string, GraphNode>, ways: [string, string][]): NetworkGraph {
  const targets = new Set(ways.map(([, to]) => to))
  const placed = new Set<string>()
  const drawn = new Set<string>()
  const place = (id: string): GraphNode | undefined => {
    const node = nodes.get(id)
    if (!node || placed.has(id)) return undefined
    placed.add(id)
    const children = ways
      .filter(([from]) => from === id)
      .flatMap(([from, to]) => {
        const child = place(to)
        if (child) drawn.add(`${from} ${to}`)
        return child ?? []
      })
    return { ...node, children }
  }
  const starts = [...nodes.values()].filter(({ id }) => !targets.has(id)).sort(byEntry)
  // What leads in a circle has no start.
  const roots = [...starts, ...nodes.values()].flatMap(({ id }) => place(id) ?? [])
  return { roots, more: ways.filter(([from, to]) => !drawn.has(`${from} ${to}`)) }
}

/** Addresses first. */
function byEntry(one: GraphNode, other: GraphNode): number {
  return Number(other.type === 'address') - Number(one.type === 'address') || compareNodes(one, other)
}
