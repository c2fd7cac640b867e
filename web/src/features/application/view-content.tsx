/** What the open view shows. */
import { lazy, Suspense, useMemo } from 'react'
import { type Application, type ApplicationTree, failureText } from '../../lib/api.ts'
import { resourceParameter } from '../../lib/paths.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { useCovered } from '../../ui/covered.ts'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { ApplicationName } from './data/application-key.ts'
import type { View } from './deep-link.ts'
import { ListView } from './list/list-view.tsx'
import { NetworkView } from './network/network-view.tsx'
import type { ApplicationParts } from './parts.ts'
import { PodsView } from './pods/pods-view.tsx'
import { useTexts } from './texts.ts'
import { TimelineView } from './timeline/timeline-view.tsx'
import { filteredGraph, isFiltering } from './tree/filter.ts'
import type { GraphNode } from './tree/graph.ts'
import { TreeView } from './tree/tree-view.tsx'
import { useFilter } from './view-links.tsx'

const VersionsView = lazy(() => import('./versions/versions-view.tsx'))

export interface ViewContentProps {
  named: ApplicationName
  application: Application
  tree: ApplicationTree | undefined
  treeError: unknown
  root: GraphNode | undefined
  /** Those that nobody declares. */
  orphans: GraphNode | undefined
  view: View
  resource: string | undefined
  parts: ApplicationParts
}

export function ViewContent({
  named,
  application,
  tree,
  treeError,
  root,
  orphans,
  view,
  resource,
  parts,
}: ViewContentProps) {
  const t = useTexts()
  const search = useSearchState()
  const filter = useFilter()
  const covered = useCovered()
  const key = JSON.stringify(filter)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the filter is
  const filtered = useMemo(() => root && filteredGraph(root, filter), [root, key])
  const showsOrphans = search.get('orphaned') === 'true'
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the filter is
  const filteredOrphans = useMemo(() => {
    const found = showsOrphans && orphans ? filteredGraph(orphans, filter) : undefined
    return found && found.children.length > 0 ? found : undefined
  }, [orphans, showsOrphans, key])
  const listed = useMemo(
    () => [filtered, filteredOrphans].filter((one) => one !== undefined),
    [filtered, filteredOrphans],
  )
  const { Changes, History } = parts
  const open = (node: GraphNode) => {
    if (node.href) window.open(node.href, '_blank', 'noopener,noreferrer')
    else if (node.address) search.set({ resource: resourceParameter(node.address), node: undefined })
  }

  if (view === 'changes' || view === 'history') {
    const Part = view === 'changes' ? Changes : History
    return (
      <Suspense fallback={<Skeleton rows={8} height={28} />}>
        <Part application={application} />
      </Suspense>
    )
  }
  if (view === 'versions') {
    return (
      <Suspense fallback={<Skeleton rows={8} height={28} />}>
        <VersionsView named={named} application={application} />
      </Suspense>
    )
  }
  if (view === 'timeline') return <TimelineView named={named} application={application} />
  if (!tree || !root || !filtered) {
    if (treeError)
      return (
        <Notice tone="bad" title={t.noTree}>
          {failureText(treeError)}
        </Notice>
      )
    return <Skeleton rows={8} height={44} />
  }
  const shown = { selected: resource, onOpen: open }
  if (view === 'list') return <ListView roots={listed} {...shown} />
  if (view === 'pods') return <PodsView root={root} hosts={tree.hosts} {...shown} />
  if (view === 'network') return <NetworkView root={root} covered={covered} {...shown} />
  return (
    <TreeView root={filtered} orphans={filteredOrphans} isFiltered={isFiltering(filter)} covered={covered} {...shown} />
  )
}
