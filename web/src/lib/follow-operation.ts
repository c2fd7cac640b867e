/** An application as it is while something is done to it: whichever is newer of what the page has and what is asked here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type Application, api, routes } from './api.ts'
import { isUnderWay, newer } from './operation.ts'

const intervalMs = 1000

export interface FollowedOperation {
  application: Application
  /** What the server has answered to a request that begins or ends something. */
  told(application: Application): void
}

export function useOperation(given: Application): FollowedOperation {
  const client = useQueryClient()
  const { name, namespace = '', uid } = given.metadata
  const queryKey = ['application', namespace, name, 'operation', uid]
  const known = client.getQueryData<Application>(queryKey)
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      api.call(routes.applications.get, {
        params: { name },
        query: namespace ? { appNamespace: namespace } : {},
        signal,
      }),
    enabled: isUnderWay(newer(given, known)),
    refetchInterval: ({ state }) => (isUnderWay(newer(given, state.data)) ? intervalMs : false),
    staleTime: intervalMs,
  })
  return {
    application: newer(given, data),
    told: (application) =>
      client.setQueryData(queryKey, (before: Application | undefined) => newer(application, before)),
  }
}
