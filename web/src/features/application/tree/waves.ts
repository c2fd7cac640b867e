/** The parts of a tree that a sync does one after the other, as they are labelled in it. Pure. */
import type { GraphNode } from './graph.ts'
import type { Layout } from './layout.ts'

export interface Wave {
  /** A phase of hooks, or the number of a wave. */
  wave: string
  top: number
  bottom: number
  state: 'waiting' | 'running' | 'done' | undefined
}

/** What begins a wave, of the children of the application; empty when all are in one. */
export function waveStarts(children: GraphNode[]): Set<string> {
  const starts = children.filter((child, index) => index === 0 || child.wave !== children[index - 1]?.wave)
  const isOne = new Set(starts.map(({ wave }) => wave)).size < 2
  return new Set(isOne ? [] : starts.filter(({ wave }) => wave !== undefined).map(({ id }) => id))
}

export function wavesOf(layout: Layout<GraphNode>, starts: Set<string>, height: number): Wave[] {
  const waves: (Wave & { members: GraphNode[] })[] = []
  let current: (Wave & { members: GraphNode[] }) | undefined
  for (const { node, y, depth } of layout.places) {
    if (depth === 0) continue
    if (depth === 1 && starts.has(node.id)) {
      current = { wave: node.wave ?? '0', top: y, bottom: y, state: undefined, members: [] }
      waves.push(current)
    } else if (depth === 1 && node.wave === undefined) current = undefined
    if (!current) continue
    if (depth === 1) current.members.push(node)
    current.bottom = Math.max(current.bottom, y + height)
  }
  return waves.map(({ members, ...wave }) => ({ ...wave, state: stateOf(members) }))
}

function stateOf(members: GraphNode[]): Wave['state'] {
  const told = members.flatMap(({ progress }) => progress ?? [])
  if (told.length === 0) return undefined
  if (told.every((progress) => progress === 'waiting')) return 'waiting'
  return told.every((progress) => progress === 'done') ? 'done' : 'running'
}
