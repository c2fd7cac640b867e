/** What the page shows, all of it in the address: filters, view, order, groups. */
import { useCallback, useMemo } from 'react'
import { useSearchState } from '../../../lib/search-state.ts'
import { type Filter, type FilterName, filterIn, noFilter, toggled } from '../filter/filter.ts'
import { isGrouping } from '../rows/order.ts'

export const views = ['table', 'grid', 'tiles', 'summary'] as const
export type View = (typeof views)[number]

export interface ListState {
  filter: Filter
  view: View
  sort: string
  grouping: string | undefined
  toggle(name: FilterName, value: string): void
  clear(name: FilterName): void
  clearAll(): void
  search(text: string): void
  showFavourites(only: boolean): void
  show(view: View): void
  sortBy(sort: string): void
  groupBy(grouping: string | undefined): void
}

const defaultSort = 'name'

export function useListState(): ListState {
  const state = useSearchState()
  const { get, all, set } = state
  // The text of the address is what all of it depends on.
  const address = JSON.stringify(filterIn({ get, all }))
  const filter = useMemo(() => JSON.parse(address) as Filter, [address])
  const toggle = useCallback(
    (name: FilterName, value: string) => set({ [name]: toggled(filter.values[name], value) }),
    [filter, set],
  )
  const grouping = get('group')
  return {
    filter,
    view: views.find((view) => view === get('view')) ?? 'table',
    sort: get('sort') ?? defaultSort,
    grouping: isGrouping(grouping) ? grouping : undefined,
    toggle,
    clear: (name) => set({ [name]: undefined }),
    clearAll: () => set(noFilter),
    search: (text) => set({ search: text }, { replace: true }),
    showFavourites: (only) => set({ showFavorites: only ? 'true' : undefined }),
    show: (view) => set({ view: view === 'table' ? undefined : view }),
    sortBy: (sort) => set({ sort: sort === defaultSort ? undefined : sort }),
    groupBy: (next) => set({ group: next }),
  }
}
