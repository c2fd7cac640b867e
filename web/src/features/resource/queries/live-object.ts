/** One object as the cluster has it now; its values are masked where they are secret. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Application, api, type ResourceNode, routes } from '../../../lib/api.ts'
import { type ObjectAddress, objectKey, objectQuery } from './object-address.ts'

export interface LiveObject {
  apiVersion?: string
  kind?: string
  metadata?: {
    name?: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    creationTimestamp?: string
    deletionTimestamp?: string
    finalizers?: string[]
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[]
    managedFields?: unknown
  }
  spec?: unknown
  status?: unknown
}

/** As it is at this moment. */
export async function readLiveObject(
  application: Application,
  { address, version }: { address: ObjectAddress; version: string | undefined },
  signal?: AbortSignal,
): Promise<LiveObject> {
  const query = objectQuery(application, address, version)
  const params = { name: application.metadata.name }
  const { manifest } = await api.call(routes.applicationResources.get, { params, query, ...(signal && { signal }) })
  return JSON.parse(manifest) as LiveObject
}

export function useLiveObject(application: Application, address: ObjectAddress, node: ResourceNode | undefined) {
  const { data, error } = useQuery({
    queryKey: objectKey(application, address, 'live', node?.uid, node?.resourceVersion),
    queryFn: ({ signal }) => readLiveObject(application, { address, version: node?.version }, signal),
    enabled: node?.uid !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  })
  return { object: data, error: data ? undefined : error }
}
