/** What somebody should look at, worst first, with what it takes to say why. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ApplicationQuery, api, routes } from '../../../lib/api.ts'
import { attentionStandings, type Standing } from '../../../lib/standing.ts'
import { type Row, rowFields } from '../rows/rows.ts'
import { typingPause } from '../rows/typing-pause.ts'

const reasonFields = [
  'metadata.uid',
  'status.health.message',
  'status.health.lastTransitionTime',
  'status.conditions',
  'status.operationState.message',
  'status.operationState.syncResult.revision',
  'status.operationState.syncResult.revisions',
  ...['group', 'kind', 'namespace', 'name', 'status', 'hook', 'requiresPruning'].map(
    (name) => `status.resources.${name}`,
  ),
]
const fields = [...rowFields.filter((field) => field !== 'status.conditions.type'), ...reasonFields]
  .map((field) => `items.${field}`)
  .join()

const nothing = { rows: [] as Row[], remaining: 0 }

export const attentionKey = ['applications', 'attention'] as const

/** Of those that are filtered for; `chosen` standings narrow it further. */
export function useAttention(query: ApplicationQuery, limit: number) {
  const chosen = [query.standing ?? []].flat()
  const standing = attentionStandings.filter((one) => chosen.length === 0 || chosen.includes(one))
  const result = useQuery({
    queryKey: [...attentionKey, query, limit],
    queryFn: async ({ signal }) => {
      await typingPause(query, signal)
      const asked = { ...query, standing: standing as Standing[], sort: '-standing', limit, fields }
      const { items, metadata } = await api.call(routes.applications.list, { query: asked, signal })
      const { remainingItemCount = 0 } = metadata as { remainingItemCount?: number }
      return { rows: items as Row[], remaining: remainingItemCount }
    },
    enabled: standing.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  })
  // Without it the list is still worth showing.
  return standing.length > 0 && !result.isError ? result.data : nothing
}
