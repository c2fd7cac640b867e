/** What of a graph somebody wants to see: what matches, and how it hangs together. Pure. */
import { allNodes, type GraphNode, podStrip } from './graph.ts'

export interface ResourceFilter {
  kinds: string[]
  health: string[]
  sync: string[]
  /** Words that all have to be in kind, name or namespace. */
  text: string
}

export function isFiltering({ kinds, health, sync, text }: ResourceFilter): boolean {
  return kinds.length + health.length + sync.length > 0 || text.trim() !== ''
}

export function matches(node: GraphNode, { kinds, health, sync, text }: ResourceFilter): boolean {
  if (node.type !== 'resource') return false
  if (kinds.length > 0 && !kinds.includes(node.kind)) return false
  if (health.length > 0 && !health.includes(node.health ?? '')) return false
  if (sync.length > 0 && !sync.includes(node.sync ?? '')) return false
  const described = `${node.kind} ${node.name} ${node.address?.namespace ?? ''}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => described.includes(word))
}

export function filteredGraph(root: GraphNode, filter: ResourceFilter): GraphNode {
  if (!isFiltering(filter)) return root
  return { ...root, children: root.children.flatMap((child) => filtered(child, filter) ?? []) }
}

function filtered(node: GraphNode, filter: ResourceFilter): GraphNode | undefined {
  if (node.type === 'pods') {
    const members = (node.members ?? []).filter((pod) => matches(pod, filter))
    const [only] = members
    if (!only) return undefined
    return members.length === 1 ? only : podStrip(node.id.replace(/#pods$/, ''), members)
  }
  const children = node.children.flatMap((child) => filtered(child, filter) ?? [])
  if (children.length === 0 && !matches(node, filter)) return undefined
  return { ...node, children }
}

/** How many there are of each, for the choices of a filter. */
export function facetsOf(root: GraphNode): Record<'kinds' | 'health' | 'sync', Map<string, number>> {
  const facets = {
    kinds: new Map<string, number>(),
    health: new Map<string, number>(),
    sync: new Map<string, number>(),
  }
  const add = (facet: Map<string, number>, value: string | undefined) => {
    if (value) facet.set(value, (facet.get(value) ?? 0) + 1)
  }
  for (const node of allNodes(root)) {
    if (node.type !== 'resource') continue
    add(facets.kinds, node.kind)
    add(facets.health, node.health)
    add(facets.sync, node.sync)
  }
  return facets
}
