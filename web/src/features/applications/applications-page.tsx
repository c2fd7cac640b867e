/** The first page: what is wrong, what deviates from Git, what is new; and everything else in as little space as possible. */
import { type ComponentType, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { type Application, type ApplicationCounts, failureText } from '../../lib/api.ts'
import { count, useLanguage } from '../../lib/language.ts'
import { paths } from '../../lib/paths.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import type { Standing } from '../../lib/standing.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useAttention } from './attention/attention.ts'
import { AttentionList } from './attention/attention-list.tsx'
import { BulkDialog, type BulkKind } from './bulk/bulk-dialog.tsx'
import { SelectionBar } from './bulk/selection-bar.tsx'
import { useSelection } from './bulk/use-selection.ts'
import { isFiltering, queryOf } from './filter/filter.ts'
import { FilterChips } from './filter/filter-chips.tsx'
import { ApplicationList } from './list/application-list.tsx'
import { useFavourites } from './list/favourites.ts'
import { Toolbar } from './list/toolbar.tsx'
import { useListState } from './list/use-list-state.ts'
import { useApplicationCounts } from './rows/count-applications.ts'
import { allMatching, useApplicationRows } from './rows/list-applications.ts'
import { wholeSort } from './rows/order.ts'
import { keyOf } from './rows/rows.ts'
import { StreamMark } from './rows/stream-mark.tsx'
import { useLiveApplications } from './rows/use-live-applications.ts'
import { StandingBar, StandingSentence } from './standing/standing-summary.tsx'
import { useShownColumns } from './table/shown-columns.ts'
import { usePageTexts } from './texts.ts'
import { usePageRights } from './use-page-rights.ts'

interface ApplicationsPageProps {
  Editor: ComponentType<{
    application?: Application
    onClose(): void
    onSaved(application: Application): void
  }>
}

const noCounts: ApplicationCounts = { total: 0, matching: 0, facets: {} }
const someRows = 8

export default function ApplicationsPage({ Editor }: ApplicationsPageProps) {
  const t = usePageTexts()
  const language = useLanguage()
  const [, navigate] = useLocation()
  const address = useSearchState()
  const state = useListState()
  const columns = useShownColumns()
  const favourites = useFavourites()
  const searchRef = useRef<HTMLInputElement>(null)
  // What is typed is shown before the list follows.
  const filter = useDeferredValue(state.filter)
  const query = useMemo(() => queryOf(filter, filter.favouritesOnly ? favourites.all : []), [filter, favourites.all])
  const request = useMemo(
    () => ({ query, sort: wholeSort(state.sort, state.grouping) }),
    [query, state.sort, state.grouping],
  )
  const list = useApplicationRows(request)
  const { data: counts = noCounts, isSuccess: isCounted } = useApplicationCounts(query)
  const [attentionLimit, setAttentionLimit] = useState(someRows)
  const attention = useAttention(query, attentionLimit)
  const attentionKeys = useMemo(() => new Set(attention?.rows.map(keyOf)), [attention])
  const stream = useLiveApplications({ request, version: list.version, attention: attentionKeys })
  const rights = usePageRights(Object.keys(counts.facets.project ?? {}))
  const selection = useSelection()
  const [bulk, setBulk] = useState<{ kind: BulkKind; isAll: boolean }>()
  const isNew = address.get('new') !== undefined
  const openEditor = () => address.set({ new: 'true' })
  const closeEditor = () => address.set({ new: undefined })
  const toggleStanding = (standing: Standing) => state.toggle('standing', standing)
  useShortcuts([{ keys: '/', label: t.keys.search, run: () => searchRef.current?.focus() }])

  const byStanding = counts.facets.standing ?? {}
  const isEmpty = isCounted && !isFiltering(state.filter) && counts.total === 0
  const number = (amount: number) => new Intl.NumberFormat(language).format(amount)
  const examples = useCallback(
    (isAll: boolean) =>
      isAll
        ? list.rows.slice(0, 5).map(({ metadata }) => metadata.name)
        : [...selection.keys].slice(0, 5).map((key) => key.slice(key.indexOf('/') + 1)),
    [list.rows, selection.keys],
  )
  return (
    <Page
      title={t.title}
      heading={<StandingSentence counts={byStanding} chosen={state.filter.values.standing} onToggle={toggleStanding} />}
      actions={
        rights.mayCreate && (
          <Button kind="primary" onClick={openEditor}>
            {t.new}
          </Button>
        )
      }
    >
      <StreamMark stream={stream} />
      {!isEmpty && <StandingBar counts={byStanding} chosen={state.filter.values.standing} onToggle={toggleStanding} />}
      {attention && !isEmpty && (
        <AttentionList
          rows={attention.rows}
          remaining={attention.remaining}
          onMore={() => setAttentionLimit(attentionLimit === someRows ? 50 : attentionLimit + 100)}
        />
      )}
      {!isEmpty && (
        <>
          <Toolbar
            state={state}
            counts={counts}
            searchRef={searchRef}
            columns={columns}
            bulk={
              counts.matching > 0
                ? [
                    ...(rights.maySync
                      ? [
                          {
                            label: t.syncAll(number(counts.matching)),
                            run: () => setBulk({ kind: 'sync', isAll: true }),
                          },
                        ]
                      : []),
                    {
                      label: t.refreshAll(number(counts.matching)),
                      run: () => setBulk({ kind: 'refresh', isAll: true }),
                    },
                  ]
                : []
            }
          />
          <FilterChips state={state} matching={isCounted ? count(language, counts.matching, ...t.noun) : undefined} />
        </>
      )}
      {list.error && (
        <Notice tone="bad" title={t.listFailed} actions={<Button onClick={list.retry}>{t.retry}</Button>}>
          {failureText(list.error)}
        </Notice>
      )}
      {attention ? (
        <ApplicationList
          list={list}
          state={state}
          counts={counts}
          isEmpty={isEmpty}
          columns={columns}
          favourites={favourites}
          selection={selection}
          create={rights.mayCreate ? openEditor : undefined}
        />
      ) : (
        // What comes above the list is waited for, so that the list does not jump.
        <Skeleton rows={12} />
      )}
      <SelectionBar
        amount={selection.keys.size}
        matching={counts.matching}
        maySync={rights.maySync}
        onBulk={(kind) => setBulk({ kind, isAll: false })}
        onBulkAll={(kind) => setBulk({ kind, isAll: true })}
        onClear={selection.clear}
      />
      {bulk && (
        <BulkDialog
          kind={bulk.kind}
          amount={bulk.isAll ? counts.matching : selection.keys.size}
          examples={examples(bulk.isAll)}
          find={(signal) => allMatching(bulk.isAll ? query : { names: [...selection.keys] }, signal)}
          onClose={() => setBulk(undefined)}
        />
      )}
      {isNew && (
        <Suspense fallback={null}>
          <Editor
            onClose={closeEditor}
            onSaved={({ metadata }) => navigate(paths.application(metadata.namespace ?? '', metadata.name))}
          />
        </Suspense>
      )}
    </Page>
  )
}
