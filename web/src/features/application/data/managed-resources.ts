/** Each resource as Git and as the cluster has it, asked again when what was compared has changed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Application, api, type ResourceDiff, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'

/** Many changes in a row are one question. */
const pauseMs = 400
/** Above this many, what is as declared is not asked about: whole objects are long. */
const manyResources = 300

export function useManagedResources(named: ApplicationName, application: Application): ResourceDiff[] | undefined {
  const { sync, resources = [] } = application.status ?? {}
  const version = useSettled(comparisonVersion(application))
  const drifts = sync?.status === 'OutOfSync'
  const { data } = useQuery({
    queryKey: applicationKey(named, 'managed', version),
    queryFn: ({ signal }) =>
      api.call(routes.applicationResources.managed, {
        params: { applicationName: named.name },
        query: home(named),
        signal,
      }),
    enabled: drifts || (sync?.status === 'Synced' && resources.length <= manyResources),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    retry: false,
  })
  return data?.items
}

/** Changes whenever the comparison may have another outcome. */
export function comparisonVersion({ status = {}, spec }: Application): string {
  const { sync, resources = [] } = status
  const outOfSync = resources.filter((one) => one.status !== 'Synced')
  return JSON.stringify([
    sync?.status,
    sync?.revision,
    sync?.revisions,
    spec.ignoreDifferences,
    resources.length,
    outOfSync.map(({ group, kind, namespace, name, status: one }) => [group, kind, namespace, name, one]),
    outOfSync.length > 0 ? status.reconciledAt : '',
  ])
}

/** The value, once it has stood still for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
