/** All applications in the view that is chosen, with the keys that move in it. */
import { useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ApplicationCounts } from '../../../lib/api.ts'
import { paths } from '../../../lib/paths.ts'
import { useShortcuts } from '../../../lib/shortcuts.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { Selection } from '../bulk/use-selection.ts'
import { ApplicationGrid } from '../cells/application-grid.tsx'
import { ApplicationTiles } from '../cells/application-tiles.tsx'
import { facetOf } from '../filter/filter.ts'
import type { useApplicationRows } from '../rows/list-applications.ts'
import { isHead, withHeads } from '../rows/order.ts'
import { keyOf } from '../rows/rows.ts'
import { ApplicationSummary } from '../standing/application-summary.tsx'
import { ApplicationTable, type TableHandle } from '../table/application-table.tsx'
import type { ShownColumns } from '../table/shown-columns.ts'
import { usePageTexts } from '../texts.ts'
import type { useFavourites } from './favourites.ts'
import type { ListState } from './use-list-state.ts'

interface ApplicationListProps {
  list: ReturnType<typeof useApplicationRows>
  state: ListState
  counts: ApplicationCounts
  /** There are none at all. */
  isEmpty: boolean
  columns: ShownColumns
  favourites: ReturnType<typeof useFavourites>
  selection: Selection
  /** Absent for who may not. */
  create: (() => void) | undefined
}

export function ApplicationList(props: ApplicationListProps) {
  const { list, state, counts, isEmpty, columns, favourites, selection, create } = props
  const t = usePageTexts()
  const table = useRef<TableHandle>(null)
  const [current, setCurrent] = useState<number>()
  const { grouping, view } = state
  const lines = useMemo(() => withHeads(list.rows, grouping), [list.rows, grouping])
  const groupCounts = useMemo(() => groupCountsOf(counts, grouping), [counts, grouping])
  const actions = useMemo(
    () => ({ select: selection.select, star: favourites.toggle }),
    [selection.select, favourites.toggle],
  )

  function move(by: 1 | -1): void {
    let next = current === undefined ? (by > 0 ? 0 : lines.length - 1) : current + by
    while (isHead(lines[next])) next += by
    if (!lines[next]) return
    setCurrent(next)
    table.current?.focus(next)
  }

  function selectCurrent(): void {
    const line = current === undefined ? undefined : lines[current]
    if (line && !isHead(line)) selection.toggle(keyOf(line))
  }

  useShortcuts(
    view === 'table'
      ? [
          { keys: 'j', label: t.keys.next, run: () => move(1) },
          { keys: 'k', label: t.keys.previous, run: () => move(-1) },
          { keys: 'x', label: t.keys.select, run: selectCurrent },
        ]
      : [],
  )

  if (isEmpty) {
    const button = create && (
      <Button kind="primary" onClick={create}>
        {t.new}
      </Button>
    )
    return (
      <Empty
        title={create ? t.none : t.noneVisible}
        actions={button || <Link href={paths.userInfo}>{t.yourRights}</Link>}
      >
        {create ? t.noneHint : t.noneVisibleHint}
      </Empty>
    )
  }
  if (view === 'summary') return <ApplicationSummary state={state} counts={counts} />
  if (list.isLoading) return <Skeleton rows={12} />
  if (list.rows.length === 0 && !list.error) {
    return <Empty title={t.noMatch} actions={<Button onClick={state.clearAll}>{t.clearFilters}</Button>} />
  }
  const shown = { lines, remaining: list.remaining, onMore: list.loadMore, groupCounts, isOld: list.isOld }
  if (view === 'grid') return <ApplicationGrid {...shown} />
  if (view === 'tiles') return <ApplicationTiles {...shown} />
  return (
    <ApplicationTable
      {...shown}
      handle={table}
      columns={columns.all}
      sort={state.sort}
      onSort={state.sortBy}
      selected={selection.keys}
      current={current}
      isFavourite={favourites.has}
      actions={actions}
    />
  )
}

function groupCountsOf({ facets }: ApplicationCounts, grouping: string | undefined): Record<string, number> {
  if (grouping === undefined) return {}
  const [, label] = /^label:(.+)$/.exec(grouping) ?? []
  if (label === undefined) return facets[grouping === 'project' ? facetOf.proj : grouping] ?? {}
  const prefix = `${label}=`
  const ofLabel = Object.entries(facets.label ?? {}).filter(([pair]) => pair.startsWith(prefix))
  return Object.fromEntries(ofLabel.map(([pair, amount]) => [pair.slice(prefix.length), amount]))
}
