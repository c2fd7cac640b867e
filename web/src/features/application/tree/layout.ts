/**
 * Where each node of a tree stands: a column for each generation, a row for each leaf, and an owner beside the first of what
 * it owns. So nothing above moves when something is added, and a sync is read from top to bottom. Pure.
 */

export interface LayoutNode {
  id: string
  children: LayoutNode[]
}

export interface LayoutSizes {
  width: number
  height: number
  /** Between a column and the next. */
  columnGap: number
  rowGap: number
  /** Before a root that begins a part, such as a wave. */
  partGap?: number
}

export interface Place<Node> {
  node: Node
  parent: Place<Node> | undefined
  depth: number
  x: number
  y: number
  /** Where the last of its children stands; its own place without children. */
  lastChildY: number
}

export interface Layout<Node> {
  /** From top to bottom, owners before what they own. */
  places: Place<Node>[]
  byId: Map<string, Place<Node>>
  width: number
  height: number
}

export interface LayoutOptions<Node> {
  sizes: LayoutSizes
  /** Whether there is more room above a node than usual. */
  beginsPart?(node: Node, before: Node | undefined): boolean
}

export function layoutOf<Node extends LayoutNode>(
  roots: Node[],
  { sizes, beginsPart }: LayoutOptions<Node>,
): Layout<Node> {
  const { width, height, columnGap, rowGap, partGap = 0 } = sizes
  const places: Place<Node>[] = []
  const byId = new Map<string, Place<Node>>()
  let nextY = 0
  let columns = 0

  function place(nodes: Node[], parent: Place<Node> | undefined, depth: number): void {
    let before: Node | undefined
    for (const node of nodes) {
      if (partGap > 0 && beginsPart?.(node, before)) nextY += partGap
      const at: Place<Node> = { node, parent, depth, x: depth * (width + columnGap), y: nextY, lastChildY: nextY }
      places.push(at)
      byId.set(node.id, at)
      columns = Math.max(columns, depth + 1)
      if (node.children.length > 0) {
        at.y = Number.NaN
        place(node.children as Node[], at, depth + 1)
      } else nextY += height + rowGap
      if (parent) {
        if (Number.isNaN(parent.y)) parent.y = at.y
        parent.lastChildY = at.y
      }
      before = node
    }
  }

  place(roots, undefined, 0)
  return {
    places,
    byId,
    width: columns === 0 ? 0 : columns * (width + columnGap) - columnGap,
    height: Math.max(0, nextY - rowGap),
  }
}

/** Those that reach into what is between two heights: the places, and the owners whose lines pass through. */
export function placesBetween<Node>(
  { places }: Layout<Node>,
  top: number,
  bottom: number,
  height: number,
): Place<Node>[] {
  return places.filter(({ y, lastChildY }) => y < bottom && Math.max(y, lastChildY) + height > top)
}
