/** What a deployment had deployed, and what the cluster has of the application now. */
import { useQuery } from '@tanstack/react-query'
import { type Application, api, routes } from '../../lib/api.ts'
import type { Manifest } from './compare.ts'

/** `live`: the cluster; a number: an entry of the history. */
export type Side = number | 'live'

export function useManifests({ metadata, status }: Application, side: Side | undefined) {
  const { name, namespace = '' } = metadata
  // What is live changes with what the application tells of it; what was deployed does not.
  const version = side === 'live' ? [status?.sync, status?.operationState?.finishedAt] : undefined
  return useQuery({
    queryKey: ['application', namespace, name, 'manifests', side, version],
    queryFn: ({ signal }) =>
      side === 'live' ? live(name, namespace, signal) : deployed(name, namespace, side, signal),
    enabled: side !== undefined,
    staleTime: side === 'live' ? 0 : Number.POSITIVE_INFINITY,
  })
}

const home = (namespace: string) => (namespace ? { appNamespace: namespace } : {})

async function deployed(name: string, namespace: string, id: number | undefined, signal: AbortSignal) {
  const query = { ...home(namespace), versionId: id }
  const { manifests } = await api.call(routes.applicationSources.manifests, { params: { name }, query, signal })
  return manifests.map((text) => JSON.parse(text) as Manifest)
}

async function live(name: string, namespace: string, signal: AbortSignal): Promise<Manifest[]> {
  const request = { params: { applicationName: name }, query: home(namespace), signal }
  const { items } = await api.call(routes.applicationResources.managed, request)
  return items.flatMap(({ liveState }) => (JSON.parse(liveState) as Manifest | null) ?? [])
}
