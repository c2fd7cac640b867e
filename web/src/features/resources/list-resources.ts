/** The objects of all applications, page by page as they are scrolled to. */
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { type AnswerOf, api, type QueryOf, routes } from '../../lib/api.ts'
import { type StreamState, useLiveStream } from '../../lib/live-stream.ts'

export type Resource = AnswerOf<typeof routes.resources.list>['items'][number]
export type ResourceQuery = Partial<QueryOf<typeof routes.resources.list>>

const key = ['resources']
const pageSize = 200

export function useResources(query: ResourceQuery) {
  return useInfiniteQuery({
    queryKey: [...key, query],
    queryFn: ({ pageParam, signal }) =>
      api.call(routes.resources.list, {
        query: {
          ...query,
          limit: pageSize,
          // The first page counts; the others would count the same.
          ...(pageParam ? { continue: pageParam } : { counts: true }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ metadata }) => metadata.continue,
    placeholderData: keepPreviousData,
  })
}

/** Applications change several times a second; the list is asked for again at most so often. */
const refreshMs = 3000

export function useLiveResources(): StreamState {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({ queryKey: key })
    }, refreshMs)
  }
  return useLiveStream('resources', {
    open: (signal) =>
      api.stream(routes.applicationStreams.applications, {
        query: { fields: 'result.type,result.application.metadata.name' },
        signal,
      }),
    onMessage: refresh,
    onReopened: refresh,
  })
}
