/** The objects of all applications: searched, filtered and counted by the server, as many as there are. */
import { useRef, useState } from 'react'
import { failureText } from '../../lib/api.ts'
import { count, useLanguage } from '../../lib/language.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FacetMenu } from './facet-menu.tsx'
import { useLiveResources, useResources } from './list-resources.ts'
import { ResourceTable } from './resource-table.tsx'
import styles from './resources.module.css'
import { useResourceTexts } from './texts.ts'

const facets = ['kind', 'health', 'sync', 'namespace', 'project', 'cluster'] as const

export default function ResourcesPage() {
  const t = useResourceTexts()
  const language = useLanguage()
  const search = useSearchState()
  const input = useRef<HTMLInputElement>(null)
  const chosen = Object.fromEntries(facets.map((facet) => [facet, search.all(facet)]))
  const [typed, setTyped] = useState(search.get('search') ?? '')
  const text = search.get('search')
  const sort = search.get('sort') ?? 'name'
  const query = {
    sort,
    ...(text && { search: text }),
    ...Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0)),
  }
  const resources = useResources(query)
  const stream = useLiveResources()
  useShortcuts([{ keys: '/', label: t.focusSearch, run: () => input.current?.focus() }])
  const counts = resources.data?.pages[0]?.counts
  const rows = resources.data?.pages.flatMap(({ items }) => items)
  const isFiltered = text !== undefined || facets.some((facet) => (chosen[facet]?.length ?? 0) > 0)
  const clear = () => {
    setTyped('')
    search.set({ search: undefined, ...Object.fromEntries(facets.map((facet) => [facet, undefined])) })
  }

  const matching = counts && count(language, counts.matching, t.one, t.other)
  const total = counts && count(language, counts.total, t.one, t.other)
  return (
    <Page
      title={t.title}
      lead={
        matching &&
        total &&
        (counts.matching === counts.total ? total : t.ofAll(matching, counts.total.toLocaleString(language)))
      }
    >
      <fieldset className={styles.filters} aria-label={t.filters}>
        <TextInput
          ref={input}
          className={styles.search}
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            search.set({ search: event.target.value }, { replace: true })
          }}
        />
        {facets.map((facet) => (
          <FacetMenu
            key={facet}
            facet={facet}
            counts={counts?.facets[facet] ?? {}}
            chosen={chosen[facet] ?? []}
            onChoose={(values) => search.set({ [facet]: values })}
          />
        ))}
        {isFiltered && (
          <Button kind="quiet" onClick={clear}>
            {t.clear}
          </Button>
        )}
      </fieldset>
      {stream === 'lost' && <Notice tone="drift">{t.stale}</Notice>}
      {resources.error && <Notice tone="bad">{failureText(resources.error)}</Notice>}
      {!rows && !resources.error && <Skeleton rows={12} height={20} />}
      {rows?.length === 0 && (
        <Empty
          title={isFiltered ? t.nothing : t.empty}
          actions={isFiltered && <Button onClick={clear}>{t.clear}</Button>}
        >
          {isFiltered ? t.nothingText : t.emptyText}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <ResourceTable
          rows={rows}
          total={counts?.matching ?? rows.length}
          sort={sort}
          onSort={(next) => search.set({ sort: next === 'name' ? undefined : next })}
          hasMore={resources.hasNextPage}
          onMore={() => {
            if (!resources.isFetchingNextPage) void resources.fetchNextPage()
          }}
        />
      )}
    </Page>
  )
}
