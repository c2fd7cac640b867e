/** A tree as it is drawn: only what is in sight, moved by wheel, drag, pinch and keys. */
import { Maximize, Minus, Plus } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { type Camera, inSight } from './camera.ts'
import { Edges } from './edges.tsx'
import type { GraphNode } from './graph.ts'
import { type Layout, placesBetween } from './layout.ts'
import { Minimap } from './minimap.tsx'
import { sizes } from './sizes.ts'
import styles from './tree-canvas.module.css'
import { keyOutcome } from './tree-keys.ts'
import { TreeNode } from './tree-node.tsx'
import { useTreeTexts } from './tree-texts.ts'
import { useCamera } from './use-camera.ts'
import { WaveBands } from './wave-bands.tsx'
import type { Wave } from './waves.ts'

export interface TreeCanvasProps {
  label: string
  layout: Layout<GraphNode>
  closed: ReadonlySet<string>
  waves?: Wave[]
  /** Lines beyond those of ownership. */
  moreEdges?: [string, string][]
  /** The node whose panel is open. */
  selected: string | undefined
  /** What of the right side is behind that panel. */
  covered: number
  onOpen(node: GraphNode): void
  onToggle(id: string): void
}

/** Drawn around what is in sight, so that a quick hand does not see the edge. */
const drawnAround = 240
const noEdges: [string, string][] = []

export function TreeCanvas(props: TreeCanvasProps) {
  const { label, layout, closed, waves = [], moreEdges = noEdges, selected, covered, onOpen, onToggle } = props
  const t = useTreeTexts()
  const element = useRef<HTMLDivElement>(null)
  const domId = useId()
  const { camera, view, zoomBy, fitAll, reveal, moveTo } = useCamera(element, { content: layout, covered })
  const [active, setActive] = useState<{ id: string; member?: number | undefined }>()
  const activeId = active && layout.byId.has(active.id) ? active.id : (layout.places[0]?.node.id ?? '')
  const show = (id: string) => {
    const place = layout.byId.get(id)
    if (place) reveal({ x: place.x, y: place.y, width: sizes.width, height: sizes.height })
  }

  const home = useMemo(() => homeOf(layout), [layout])
  const selectedId = selected === undefined ? undefined : home.get(selected)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is brought into sight when it is chosen, not whenever it moves
  useEffect(() => {
    if (selectedId === undefined) return
    setActive({ id: selectedId })
    show(selectedId)
  }, [selectedId, covered])

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    const camera = cameraKeys[event.key]
    if (camera) {
      camera({ zoomBy, fitAll })
      event.preventDefault()
      return
    }
    const outcome = keyOutcome(event.key, { active: activeId, member: active?.member, closed }, layout)
    if (!outcome) return
    event.preventDefault()
    if ('toggle' in outcome) onToggle(outcome.toggle)
    else if ('open' in outcome) open(outcome.open, outcome.member)
    else {
      setActive({ id: outcome.move, member: outcome.member })
      show(outcome.move)
    }
  }

  function open(id: string, member?: number) {
    const node = layout.byId.get(id)?.node
    if (!node) return
    if (node.type === 'fold' || node.type === 'orphans') onToggle(id)
    else onOpen(node.type === 'pods' ? (node.members?.[member ?? 0] ?? node) : node)
  }

  function onClick(event: MouseEvent) {
    const target = event.target as Element
    const id = target.closest<HTMLElement>('[data-node]')?.dataset.node
    const node = id === undefined ? undefined : layout.byId.get(id)?.node
    if (!node) return
    setActive({ id: node.id })
    element.current?.focus({ preventScroll: true })
    if (target.closest('[data-toggle]')) return onToggle(node.id)
    const pod = target.closest<HTMLElement>('[data-pod]')?.dataset.pod
    const member = node.members?.findIndex((one) => one.id === pod) ?? -1
    open(node.id, member >= 0 ? member : undefined)
  }

  const sight = inSight(camera, view, drawnAround)
  const near = placesBetween(layout, sight.y, sight.y + sight.height, sizes.height)
  const inColumns = near.filter(({ x }) => x + sizes.width > sight.x && x < sight.x + sight.width)
  const drawn = inColumns.filter(({ y }) => y + sizes.height > sight.y && y < sight.y + sight.height)
  const activePlace = layout.byId.get(activeId)
  // What the keys are at is there for who listens, wherever it is.
  const places = activePlace && !drawn.includes(activePlace) ? [...drawn, activePlace] : drawn

  return (
    <div className={styles.frame}>
      <div
        ref={element}
        className={styles.canvas}
        role="tree"
        aria-label={label}
        aria-activedescendant={activePlace ? `${domId}${activeId}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div className={styles.drawing} role="presentation" style={{ transform: transformOf(camera) }}>
          <WaveBands waves={waves} width={layout.width} />
          <Edges layout={layout} places={near} sight={sight} more={moreEdges} />
          {places.map(({ node, x, y, depth }) => (
            <TreeNode
              key={node.id}
              node={node}
              domId={`${domId}${node.id}`}
              x={x}
              y={y}
              level={depth + 1}
              isSelected={node.id === selectedId}
              isActive={node.id === activeId && active?.member === undefined}
              isOpen={node.children.length > 0 || closed.has(node.id) ? !closed.has(node.id) : undefined}
              activeMember={node.id === activeId ? active?.member : undefined}
            />
          ))}
        </div>
      </div>
      <div className={styles.tools}>
        <IconButton label={`${t.zoomIn} (+)`} onClick={() => zoomBy(1.25)}>
          <Plus />
        </IconButton>
        <IconButton label={`${t.zoomOut} (-)`} onClick={() => zoomBy(0.8)}>
          <Minus />
        </IconButton>
        <IconButton label={`${t.fit} (0)`} onClick={fitAll}>
          <Maximize />
        </IconButton>
      </div>
      <Minimap layout={layout} camera={camera} view={view} label={t.map} onMove={moveTo} />
    </div>
  )
}

const cameraKeys: Record<string, (control: { zoomBy(factor: number): void; fitAll(): void }) => void> = {
  '+': ({ zoomBy }) => zoomBy(1.25),
  '=': ({ zoomBy }) => zoomBy(1.25),
  '-': ({ zoomBy }) => zoomBy(0.8),
  '0': ({ fitAll }) => fitAll(),
}

function transformOf({ x, y, scale }: Camera): string {
  return `translate(${Math.round(x)}px, ${Math.round(y)}px) scale(${scale})`
}

/** Under which node each resource is to be found: its own, or the strip or closed group that holds it. */
function homeOf({ places }: Layout<GraphNode>): Map<string, string> {
  const homes = new Map<string, string>()
  for (const { node } of places) {
    for (const member of node.members ?? []) if (!homes.has(member.id)) homes.set(member.id, node.id)
  }
  for (const { node } of places) homes.set(node.id, node.id)
  return homes
}
