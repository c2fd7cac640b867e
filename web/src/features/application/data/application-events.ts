/** What Kubernetes Events tell of the application itself: drifts, failures, and what people did. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'

export interface ApplicationEvent {
  metadata?: { uid?: string; creationTimestamp?: string }
  reason?: string
  message?: string
  type?: string
  lastTimestamp?: string
  eventTime?: string
  source?: { component?: string }
}

/** `version`: asked again when it changes. */
export function useApplicationEvents(named: ApplicationName, version: string) {
  return useQuery({
    queryKey: applicationKey(named, 'events', version),
    queryFn: async ({ signal }) => {
      const query = home(named)
      const { items } = await api.call(routes.applicationResources.events, { params: named, query, signal })
      return items as ApplicationEvent[]
    },
    placeholderData: (before) => before,
    gcTime: 30_000,
  })
}
