/** What of a graph is in sight: without what somebody has closed, and with groups of what is calm in one node each. Pure. */
import { allNodes, type GraphNode, isCalm, worstOf } from './graph.ts'

/** What somebody has opened or closed, by the id of the node. */
export type Openness = ReadonlyMap<string, boolean>

/** Above this many nodes groups are folded, */
export const mostUnfolded = 200
/** if there are this many in them. */
const smallestGroup = 6

export interface FoldedGraph {
  roots: GraphNode[]
  /** Ids of nodes whose children are left out. */
  closed: Set<string>
}

export function foldedGraph(roots: GraphNode[], openness: Openness): FoldedGraph {
  const isLarge = countUpTo(roots, mostUnfolded) > mostUnfolded
  const closed = new Set<string>()
  const shape = (node: GraphNode): GraphNode => {
    const folds = isLarge && node.type !== 'fold' && node.children.length >= smallestGroup
    const children = folds ? grouped(node) : node.children
    if (children.length === 0) return node
    if (!(openness.get(node.id) ?? node.type !== 'fold')) {
      closed.add(node.id)
      return { ...node, children: [] }
    }
    return { ...node, children: children.map(shape) }
  }
  return { roots: roots.map(shape), closed }
}

function countUpTo(roots: GraphNode[], limit: number): number {
  let count = 0
  for (const root of roots) for (const _ of allNodes(root)) if (++count > limit) return count
  return count
}

/** Children of one kind in one wave that are all well are one node, where the first of them stands. */
function grouped(parent: GraphNode): GraphNode[] {
  const groups = new Map<string, GraphNode[]>()
  for (const child of parent.children) {
    if (child.type !== 'resource' || !isCalmBelow(child)) continue
    const key = `${child.wave ?? ''}/${child.address?.group ?? ''}/${child.kind}`
    const group = groups.get(key)
    if (group) group.push(child)
    else groups.set(key, [child])
  }
  const folds = new Map<GraphNode, GraphNode>()
  const hidden = new Set<GraphNode>()
  for (const [key, members] of groups) {
    const [first] = members
    if (!first || members.length < smallestGroup) continue
    folds.set(first, foldNode(`${parent.id}#${key}`, members))
    for (const member of members) hidden.add(member)
  }
  return parent.children.flatMap((child) => folds.get(child) ?? (hidden.has(child) ? [] : child))
}

function foldNode(id: string, members: GraphNode[]): GraphNode {
  const [first] = members
  const worst = worstOf(members)
  return {
    id,
    type: 'fold',
    kind: first?.kind ?? '',
    name: '',
    ...(worst?.health && { health: worst.health }),
    ...(first?.wave && { wave: first.wave }),
    ...(first?.progress && { progress: foldProgress(members) }),
    isDeclared: first?.isDeclared ?? false,
    isMissing: false,
    isPruned: false,
    children: members,
    members,
  }
}

function foldProgress(members: GraphNode[]): NonNullable<GraphNode['progress']> {
  return members.every(({ progress }) => progress === 'done') ? 'done' : 'waiting'
}

function isCalmBelow(node: GraphNode): boolean {
  for (const one of allNodes(node)) if (!isCalm(one)) return false
  return true
}
