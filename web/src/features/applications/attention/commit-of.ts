/** Who made a commit, and why: it never changes, so it is asked once. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from '../../../lib/api.ts'
import { type Row, sourcesOf } from '../rows/rows.ts'

export function useCommit(row: Row, revision: string | undefined, enabled: boolean) {
  const { name, namespace } = row.metadata
  const [source] = sourcesOf(row)
  const isCommit = revision !== undefined && !source?.chart
  return useQuery({
    queryKey: ['commit', source?.repoURL, revision],
    queryFn: ({ signal }) =>
      api.call(routes.applicationSources.revisionMetadata, {
        params: { name, revision: revision ?? '' },
        query: namespace ? { appNamespace: namespace } : {},
        signal,
      }),
    enabled: enabled && isCommit,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }).data
}
