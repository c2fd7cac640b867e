/** Clusters. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'

export type Cluster = AnswerOf<typeof routes.clusters.get>

export const clustersKey = ['clusters']

/** Numbers about what Tiphys knows of them change all the time. */
const refreshMs = 15_000

export function useClusters() {
  return useQuery({
    queryKey: [...clustersKey, 'list'],
    queryFn: async ({ signal }) => (await api.call(routes.clusters.list, { signal })).items,
    refetchInterval: refreshMs,
  })
}
