/** Where the arrow keys lead in a tree that is drawn from left to right. Pure. */
import type { GraphNode } from './graph.ts'
import type { Layout } from './layout.ts'

export type KeyOutcome =
  | { move: string; member?: number | undefined }
  | { toggle: string }
  | { open: string; member?: number | undefined }

export interface KeyPosition {
  active: string
  /** Which Pod of a strip. */
  member: number | undefined
  closed: ReadonlySet<string>
}

export function keyOutcome(
  key: string,
  { active, member, closed }: KeyPosition,
  layout: Layout<GraphNode>,
): KeyOutcome | undefined {
  const { places, byId } = layout
  const at = byId.get(active) ?? places[0]
  if (!at) return undefined
  const { node } = at
  const pods = node.type === 'pods' ? (node.members ?? []) : []
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return moveTo(places.find(({ depth, y }) => depth === at.depth && y > at.y))
    case 'ArrowUp':
    case 'k':
      return moveTo(places.findLast(({ depth, y }) => depth === at.depth && y < at.y))
    case 'ArrowRight': {
      if (pods.length > 0) return { move: node.id, member: Math.min(pods.length - 1, (member ?? -1) + 1) }
      if (closed.has(node.id)) return { toggle: node.id }
      const [first] = node.children
      return first && { move: first.id }
    }
    case 'ArrowLeft':
      if (member !== undefined) return { move: node.id, member: member > 0 ? member - 1 : undefined }
      return moveTo(at.parent)
    case 'Home':
      return moveTo(places[0])
    case 'End':
      return moveTo(places.at(-1))
    case ' ':
      return node.children.length > 0 || closed.has(node.id) ? { toggle: node.id } : undefined
    case 'Enter':
      return { open: node.id, ...(member !== undefined && { member }) }
    default:
      return undefined
  }
}

function moveTo(place: { node: GraphNode } | undefined): KeyOutcome | undefined {
  return place && { move: place.node.id }
}
