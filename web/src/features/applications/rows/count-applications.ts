/** How many applications there are of each sort, as the server counts them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ApplicationQuery, api, routes } from '../../../lib/api.ts'
import { typingPause } from './typing-pause.ts'

export const countsKey = (query: ApplicationQuery) => ['applications', 'counts', query] as const

export function useApplicationCounts(query: ApplicationQuery) {
  return useQuery({
    queryKey: countsKey(query),
    queryFn: async ({ signal }) => {
      await typingPause(query, signal)
      const asked = { ...query, counts: true, limit: 1, fields: 'items.metadata.name' }
      const { counts } = await api.call(routes.applications.list, { query: asked, signal })
      return counts ?? { total: 0, matching: 0, facets: {} }
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  })
}
