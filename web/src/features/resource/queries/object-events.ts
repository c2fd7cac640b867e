/** What Kubernetes has noted about one object, the newest first. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Application, api, type ResourceNode, routes } from '../../../lib/api.ts'
import { addressOf, home, objectKey } from './object-address.ts'

export interface ObjectEvent {
  metadata?: { uid?: string; name?: string; creationTimestamp?: string }
  type?: string
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string
  lastTimestamp?: string
  eventTime?: string
  source?: { component?: string; host?: string }
  reportingComponent?: string
}

/** Events have no stream of their own. */
const againMs = 4000

export function useObjectEvents(application: Application, node: ResourceNode) {
  const { data, error, isError } = useQuery({
    queryKey: objectKey(application, addressOf(node), 'events', node.uid),
    queryFn: async ({ signal }) => {
      const { uid, name, namespace } = node
      const query = {
        ...home(application),
        ...(uid && { resourceUID: uid }),
        ...(name && { resourceName: name }),
        ...(namespace && { resourceNamespace: namespace }),
      }
      const params = { name: application.metadata.name }
      const { items } = await api.call(routes.applicationResources.events, { params, query, signal })
      return (items as ObjectEvent[]).sort((one, other) => (lastTime(one) < lastTime(other) ? 1 : -1))
    },
    refetchInterval: againMs,
    placeholderData: keepPreviousData,
  })
  return { events: data, error: data ? undefined : error, isStale: isError && data !== undefined }
}

export function lastTime({ lastTimestamp, eventTime, firstTimestamp, metadata }: ObjectEvent): string {
  return lastTimestamp || eventTime || firstTimestamp || metadata?.creationTimestamp || ''
}
