/** The lines between owners and what they own; only those that pass through what is in sight. */
import type { Box } from './camera.ts'
import type { GraphNode } from './graph.ts'
import type { Layout, Place } from './layout.ts'
import { sizes } from './sizes.ts'
import styles from './tree-canvas.module.css'

export interface EdgesProps {
  layout: Layout<GraphNode>
  /** Those in sight, and the owners whose lines pass through it. */
  places: Place<GraphNode>[]
  sight: Box
  /** Beyond those of ownership, from one node to another. */
  more: [string, string][]
}

const radius = 6

export function Edges({ layout, places, sight, more }: EdgesProps) {
  const solid: string[] = []
  const dashed: string[] = []
  for (const { node, parent, x, y } of places) {
    if (!parent) continue
    const path = elbow(parent, { x, y }, sight.y - sizes.height)
    if (node.isMissing) dashed.push(path)
    else solid.push(path)
  }
  const others = more.flatMap(([from, to]) => {
    const [start, end] = [layout.byId.get(from), layout.byId.get(to)]
    return start && end ? [elbow(start, end, Number.NEGATIVE_INFINITY)] : []
  })
  return (
    <svg className={styles.edges} width="1" height="1" aria-hidden="true">
      <path d={solid.join('')} />
      <path d={others.join('')} className={styles.cross} />
      <path d={dashed.join('')} className={styles.dashed} />
    </svg>
  )
}

interface Point {
  x: number
  y: number
}

/** From the right of one to the left of the other, round the corners. What is above `top` need not be drawn. */
function elbow(from: Point, to: Point, top: number): string {
  const middle = sizes.height / 2
  const [startX, startY, endX, endY] = [from.x + sizes.width, from.y + middle, to.x, to.y + middle]
  if (startY === endY) return `M${startX} ${startY}H${endX}`
  const trunkX = startX + sizes.columnGap / 2
  const turn = endY > startY ? radius : -radius
  const start =
    startY < top
      ? `M${trunkX} ${top}`
      : `M${startX} ${startY}H${trunkX - radius}Q${trunkX} ${startY} ${trunkX} ${startY + turn}`
  return `${start}V${endY - turn}Q${trunkX} ${endY} ${trunkX + radius} ${endY}H${endX}`
}
