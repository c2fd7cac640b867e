/** A small picture of the whole tree, with what is in sight of it; pressed, it goes there. */
import { memo, type PointerEvent } from 'react'
import { toneOf } from '../../../ui/status.tsx'
import type { Camera, Size } from './camera.ts'
import { type GraphNode, isCalm } from './graph.ts'
import type { Layout } from './layout.ts'
import styles from './minimap.module.css'
import { sizes } from './sizes.ts'

export interface MinimapProps {
  layout: Layout<GraphNode>
  camera: Camera
  view: Size
  label: string
  onMove(camera: Camera): void
}

const largest: Size = { width: 150, height: 180 }

export function Minimap({ layout, camera, view, label, onMove }: MinimapProps) {
  const { width, height } = layout
  const isAllInSight = width * camera.scale <= view.width && height * camera.scale <= view.height
  if (isAllInSight || width === 0 || view.width < 480) return null
  const scale = Math.min(largest.width / width, largest.height / height)
  // A tall tree would be a thread: each direction has a scale of its own.
  const across = Math.min(largest.width, Math.max(60, width * scale)) / width
  const seen = {
    x: (-camera.x / camera.scale) * across,
    y: (-camera.y / camera.scale) * scale,
    width: (view.width / camera.scale) * across,
    height: Math.max(4, (view.height / camera.scale) * scale),
  }
  const goTo = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    const x = ((event.clientX - box.left) / across) * camera.scale
    const y = ((event.clientY - box.top) / scale) * camera.scale
    onMove({ ...camera, x: view.width / 2 - x, y: view.height / 2 - y })
    event.stopPropagation()
  }
  return (
    <svg
      className={styles.map}
      width={width * across}
      height={height * scale}
      role="img"
      aria-label={label}
      onPointerDown={goTo}
      onPointerMove={goTo}
    >
      <Dots layout={layout} across={across} scale={scale} />
      <rect className={styles.seen} {...seen} rx={2} />
    </svg>
  )
}

/** All nodes of a tone are one path. */
const Dots = memo(function Dots({
  layout,
  across,
  scale,
}: {
  layout: Layout<GraphNode>
  across: number
  scale: number
}) {
  const paths: Record<string, string[]> = {}
  const width = (sizes.width * across).toFixed(1)
  const height = Math.max(1, sizes.height * scale).toFixed(1)
  for (const { node, x, y } of layout.places) {
    const tone = isCalm(node) ? 'calm' : toneOf(node.sync === 'OutOfSync' ? 'OutOfSync' : node.health)
    paths[tone] ??= []
    paths[tone].push(`M${(x * across).toFixed(1)} ${(y * scale).toFixed(1)}h${width}v${height}h-${width}z`)
  }
  return Object.entries(paths).map(([tone, parts]) => <path key={tone} d={parts.join('')} className={styles[tone]} />)
})
