/** Who made the commit that was deployed, and why. */
import { useQuery } from '@tanstack/react-query'
import { type Application, api, routes } from '../../lib/api.ts'
import type { Deployment } from './deployments.ts'

/** Charts have no commits, and neither has what Git has forgotten: then there is nothing to tell. */
export function useCommit({ metadata }: Application, { entry, sources }: Deployment, sourceIndex: number) {
  const { name, namespace = '' } = metadata
  const found = sources[sourceIndex]
  const { data } = useQuery({
    queryKey: ['application', namespace, name, 'commit', found?.source.repoURL, found?.revision],
    queryFn: ({ signal }) =>
      api.call(routes.applicationSources.revisionMetadata, {
        params: { name, revision: found?.revision ?? '' },
        query: { ...(namespace && { appNamespace: namespace }), sourceIndex, versionId: entry.id },
        signal,
      }),
    enabled: found !== undefined && !found.source.chart && found.revision !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return data
}
