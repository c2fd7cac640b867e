/** Whether the application can be synced by hand now, and which windows say so. They open and shut by the clock. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'

export type SyncWindows = AnswerOf<typeof routes.applicationSources.syncWindows>

export function useSyncWindows(named: ApplicationName): SyncWindows | undefined {
  const { data } = useQuery({
    queryKey: applicationKey(named, 'windows'),
    queryFn: ({ signal }) =>
      api.call(routes.applicationSources.syncWindows, { params: { name: named.name }, query: home(named), signal }),
    refetchInterval: 60_000,
  })
  return data
}
