/** Above the list: search, filters, how it is shown, and what can be done to all of it. */
import { Columns3, Grid3x3, LayoutGrid, MoreHorizontal, PieChart, Rows3, Search, Star } from 'lucide-react'
import { type Ref, useEffect, useRef, useState } from 'react'
import type { ApplicationCounts } from '../../../lib/api.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { TextInput } from '../../../ui/field.tsx'
import { Menu, type MenuItem } from '../../../ui/menu.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { FilterMenu } from '../filter/filter-menu.tsx'
import { groupings } from '../rows/order.ts'
import { columnIds, type ShownColumns } from '../table/shown-columns.ts'
import { usePageTexts } from '../texts.ts'
import styles from './toolbar.module.css'
import type { ListState } from './use-list-state.ts'

interface ToolbarProps {
  state: ListState
  counts: ApplicationCounts | undefined
  searchRef: Ref<HTMLInputElement>
  columns: ShownColumns
  /** With all that match. */
  bulk: MenuItem[]
}

const viewIcons = { table: <Rows3 />, grid: <Grid3x3 />, tiles: <LayoutGrid />, summary: <PieChart /> }

export function Toolbar({ state, counts, searchRef, columns, bulk }: ToolbarProps) {
  const t = usePageTexts()
  const { filter, view, grouping } = state
  return (
    <div className={styles.toolbar}>
      <SearchInput text={filter.search} onSearch={state.search} inputRef={searchRef} />
      <FilterMenu state={state} counts={counts} />
      <IconButton
        label={t.onlyFavourites}
        pressed={filter.favouritesOnly}
        onClick={() => state.showFavourites(!filter.favouritesOnly)}
      >
        <Star fill={filter.favouritesOnly ? 'currentColor' : 'none'} />
      </IconButton>
      <span className={styles.space} />
      {view !== 'summary' && (
        <Menu
          trigger={<Button kind="quiet">{grouping ? t.groupedBy(groupName(grouping)) : t.group}</Button>}
          groups={[
            [{ label: t.groups.none, checked: grouping === undefined, run: () => state.groupBy(undefined) }],
            groupings.map((one) => ({
              label: t.groups[one],
              checked: one === grouping,
              run: () => state.groupBy(one),
            })),
            labelNames(counts).map((label) => ({
              label: t.groupLabel(label),
              checked: grouping === `label:${label}`,
              run: () => state.groupBy(`label:${label}`),
            })),
          ]}
        />
      )}
      {view === 'table' && (
        <span className={styles.wideOnly}>
          <Menu
            trigger={
              <IconButton label={t.columns}>
                <Columns3 />
              </IconButton>
            }
            groups={[
              columnIds.map((id) => ({
                label: t.column[id],
                checked: columns.has(id),
                disabled: id === 'name',
                run: () => columns.toggle(id),
              })),
            ]}
          />
        </span>
      )}
      {bulk.length > 0 && (
        <Menu
          trigger={
            <IconButton label={t.bulk}>
              <MoreHorizontal />
            </IconButton>
          }
          groups={[bulk]}
        />
      )}
      <Segmented
        label={t.view}
        chosen={view}
        onChoose={state.show}
        choices={(Object.keys(viewIcons) as (keyof typeof viewIcons)[]).map((id) => ({
          id,
          label: t.views[id],
          icon: viewIcons[id],
        }))}
      />
    </div>
  )

  function groupName(name: string): string {
    const known = groupings.find((one) => one === name)
    return known ? t.groups[known] : name.replace(/^label:/, '')
  }
}

/** Those that most applications have. */
function labelNames(counts: ApplicationCounts | undefined): string[] {
  const labels = Object.entries(counts?.facets.label ?? {})
  const names = new Map<string, number>()
  for (const [label, amount] of labels) {
    const name = label.slice(0, label.indexOf('='))
    names.set(name, (names.get(name) ?? 0) + amount)
  }
  return [...names]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 12)
    .map(([name]) => name)
}

interface SearchInputProps {
  text: string
  onSearch(text: string): void
  inputRef: Ref<HTMLInputElement>
}

/** What is typed is shown at once, whatever the list is doing. */
function SearchInput({ text, onSearch, inputRef }: SearchInputProps) {
  const t = usePageTexts()
  const [typed, setTyped] = useState(text)
  const isTyping = useRef(false)
  // Whoever types is ahead of the address.
  useEffect(() => {
    if (!isTyping.current) setTyped(text)
  }, [text])
  return (
    <div className={styles.search}>
      <Search aria-hidden="true" />
      <TextInput
        ref={inputRef}
        type="search"
        aria-label={t.search}
        placeholder={t.searchHint}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value)
          onSearch(target.value)
        }}
        onFocus={() => {
          isTyping.current = true
        }}
        onBlur={() => {
          isTyping.current = false
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <span className={styles.key} aria-hidden="true">
        /
      </span>
    </div>
  )
}
