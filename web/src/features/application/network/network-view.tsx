/** How an application is reached, from its addresses to its Pods. */
import { useMemo, useState } from 'react'
import { texts } from '../../../lib/language.ts'
import { Empty } from '../../../ui/empty.tsx'
import { useIsNarrow } from '../narrow.ts'
import { foldedGraph } from '../tree/fold.ts'
import type { GraphNode } from '../tree/graph.ts'
import { layoutOf } from '../tree/layout.ts'
import { sizes } from '../tree/sizes.ts'
import { TreeCanvas } from '../tree/tree-canvas.tsx'
import { TreeRows } from '../tree/tree-rows.tsx'
import { networkGraph } from './network-graph.ts'

const useTexts = texts({
  en: {
    label: 'How the application is reached, from its addresses to its Pods',
    none: 'Nothing of this application is reached over the network',
    noneText: 'It has no Service, no Ingress and no route.',
  },
  fr: {
    label: 'Comment on atteint l’application, de ses adresses à ses Pods',
    none: 'Rien de cette application n’est joignable par le réseau',
    noneText: 'Elle n’a ni Service, ni Ingress, ni route.',
  },
})

export interface NetworkViewProps {
  root: GraphNode
  selected: string | undefined
  covered: number
  onOpen(node: GraphNode): void
}

export function NetworkView({ root, selected, covered, onOpen }: NetworkViewProps) {
  const t = useTexts()
  const isNarrow = useIsNarrow()
  const [openness, setOpenness] = useState<ReadonlyMap<string, boolean>>(new Map())
  const network = useMemo(() => networkGraph(root), [root])
  const { layout, closed } = useMemo(() => {
    const { roots, closed } = foldedGraph(network.roots, openness)
    return { layout: layoutOf(roots, { sizes }), closed }
  }, [network, openness])
  if (network.roots.length === 0) return <Empty title={t.none}>{t.noneText}</Empty>
  const toggle = (id: string) => setOpenness((before) => new Map(before).set(id, closed.has(id)))
  const shown = { label: t.label, layout, closed, onOpen, onToggle: toggle }
  if (isNarrow) return <TreeRows {...shown} />
  return <TreeCanvas {...shown} moreEdges={network.more} selected={selected} covered={covered} />
}
