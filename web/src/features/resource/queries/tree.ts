/** The tree that an object stands in: kept up to date by the page's stream where there is one, and asked for where not. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type Application, type ApplicationTree, api, routes } from '../../../lib/api.ts'
import { applicationKey, home } from './object-address.ts'

/** What a stream has told just now need not be asked for. */
const freshMs = 1500

export function useTree(application: Application): { tree: ApplicationTree | undefined; error: unknown } {
  const { metadata } = application
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: applicationKey(application, 'tree'),
    queryFn: ({ signal }) =>
      api.call(routes.applicationResources.tree, {
        params: { applicationName: metadata.name },
        query: home(application),
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const version = metadata.resourceVersion
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the application changes, not when an answer comes
  useEffect(() => {
    if (dataUpdatedAt > 0 && Date.now() - dataUpdatedAt > freshMs) void refetch()
  }, [version, refetch])
  return { tree: data, error: data ? undefined : error }
}
