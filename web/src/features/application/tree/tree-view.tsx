/** The tree of an application: drawn from left to right, or in rows where there is no room for that. */
import { useMemo, useState } from 'react'
import { Empty } from '../../../ui/empty.tsx'
import { useIsNarrow } from '../narrow.ts'
import { foldedGraph } from './fold.ts'
import type { GraphNode } from './graph.ts'
import { layoutOf } from './layout.ts'
import { sizes } from './sizes.ts'
import { TreeCanvas } from './tree-canvas.tsx'
import { TreeRows } from './tree-rows.tsx'
import { useTreeTexts } from './tree-texts.ts'
import { waveStarts, wavesOf } from './waves.ts'

export interface TreeViewProps {
  root: GraphNode
  /** Drawn apart, below it. */
  orphans: GraphNode | undefined
  isFiltered: boolean
  selected: string | undefined
  covered: number
  onOpen(node: GraphNode): void
}

export function TreeView({ root, orphans, isFiltered, selected, covered, onOpen }: TreeViewProps) {
  const t = useTreeTexts()
  const isNarrow = useIsNarrow()
  const [openness, setOpenness] = useState<ReadonlyMap<string, boolean>>(new Map())
  const { layout, closed, waves } = useMemo(() => {
    const { roots, closed } = foldedGraph(orphans ? [root, orphans] : [root], openness)
    const starts = waveStarts(roots[0]?.children ?? [])
    const layout = layoutOf(roots, { sizes, beginsPart: ({ id, type }) => starts.has(id) || type === 'orphans' })
    return { layout, closed, waves: wavesOf(layout, starts, sizes.height) }
  }, [root, orphans, openness])
  const toggle = (id: string) => setOpenness((before) => new Map(before).set(id, closed.has(id)))
  if (root.children.length === 0 && !orphans) {
    return <Empty title={isFiltered ? t.nothing : t.noResources}>{isFiltered ? undefined : t.noResourcesText}</Empty>
  }
  const shown = { label: t.label, layout, closed, onOpen, onToggle: toggle }
  if (isNarrow) return <TreeRows {...shown} />
  return <TreeCanvas {...shown} waves={waves} selected={selected} covered={covered} />
}
