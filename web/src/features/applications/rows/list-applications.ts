/** The list, page by page as one scrolls. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { type ApplicationQuery, api, routes } from '../../../lib/api.ts'
import type { RowPage } from './live-rows.ts'
import { type Row, rowFields } from './rows.ts'

export type RowPages = InfiniteData<RowPage, string>

export interface ListRequest {
  query: ApplicationQuery
  sort: string
}

/** The first is what is waited for; later ones are fetched ahead, and who jumps further gets all up to there at once. */
const firstPage = 100
const laterPages = 500
const fields = rowFields.map((field) => `items.${field}`).join()

export const listKey = ({ query, sort }: ListRequest) => ['applications', 'list', query, sort] as const

export function useApplicationRows(request: ListRequest) {
  const { query, sort } = request
  const needed = useRef(laterPages)
  const result = useInfiniteQuery({
    queryKey: listKey(request),
    queryFn: async ({ pageParam, signal }) => {
      const limit = pageParam === '' ? firstPage : needed.current
      const more = pageParam === '' ? {} : { continue: pageParam }
      return (await api.call(routes.applications.list, {
        query: { ...query, sort, limit, fields, ...more },
        signal,
      })) as RowPage
    },
    initialPageParam: '',
    getNextPageParam: ({ metadata }) => metadata.continue || undefined,
    placeholderData: keepPreviousData,
    // Ten thousand rows are not compared field by field for every event.
    structuralSharing: false,
    // While nobody looked at them, no stream has told what has become of them.
    staleTime: 0,
    gcTime: 30_000,
  })
  const { data, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage } = result
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const remaining = hasNextPage ? (data?.pages.at(-1)?.metadata.remainingItemCount ?? 0) : 0
  return {
    rows: rows as Row[],
    isLoading: result.isPending,
    error: result.error,
    /** Of another question, until this one is answered. */
    isOld: isPlaceholderData,
    hasMore: hasNextPage,
    /** How many there are behind those that have been loaded. */
    remaining,
    /** `end`: how many of all rows are needed. */
    loadMore: (end: number) => {
      if (!hasNextPage || isFetchingNextPage || isPlaceholderData) return
      needed.current = Math.max(laterPages, end - rows.length)
      void fetchNextPage()
    },
    /** From where a stream goes on; undefined until the list is there. */
    version: isPlaceholderData ? undefined : data?.pages[0]?.metadata.resourceVersion,
    retry: () => void result.refetch(),
  }
}

/** All of them by name, for what is done to each. */
export async function allMatching(query: ApplicationQuery, signal: AbortSignal): Promise<Row[]> {
  const found: Row[] = []
  let next: string | undefined
  do {
    const page = (await api.call(routes.applications.list, {
      query: {
        ...query,
        sort: 'name',
        limit: 1000,
        fields: 'items.metadata.name,items.metadata.namespace,items.spec.project,items.status.sync.status',
        ...(next && { continue: next }),
      },
      signal,
    })) as RowPage
    found.push(...page.items)
    next = page.metadata.continue
  } while (next)
  return found
}
