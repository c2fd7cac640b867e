/** The plan of a sync or a rollback: first what is known at once, then the same with the server's verdicts. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Application, api, type BodyOf, routes, type SyncPlan } from './api.ts'

export type PlanRequest = Omit<BodyOf<typeof routes.applications.plan>, 'checks' | 'name' | 'appNamespace'>

export interface AskedPlan {
  plan: SyncPlan | undefined
  /** Why there is none. */
  error: unknown
  /** The server has been asked about every object of this very request. */
  isChecked: boolean
  /** What is shown is the answer to another request. */
  isStale: boolean
  ask(): void
}

/** Asked again whenever the request or the application's state changes; not at all while `isIdle` is false. */
export function usePlan(application: Application, request: PlanRequest, isIdle: boolean): AskedPlan {
  const { name, namespace = '' } = application.metadata
  const key = ['application', namespace, name, 'plan', request, digestOf(application)]
  const question = (checks: boolean) => ({
    queryKey: [...key, checks],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.call(routes.applications.plan, {
        params: { name },
        body: { ...request, name, ...(namespace && { appNamespace: namespace }), checks },
        signal,
      }),
    enabled: isIdle,
    staleTime: 10_000,
    gcTime: 30_000,
    placeholderData: keepPreviousData,
  })
  const quick = useQuery(question(false))
  const checked = useQuery(question(true))
  const isChecked = checked.data !== undefined && !checked.isPlaceholderData
  const newest = isChecked || quick.data === undefined || quick.isPlaceholderData ? checked : quick
  const shown = newest.data ?? quick.data
  const error = isChecked ? undefined : (checked.error ?? quick.error)
  return {
    plan: error ? undefined : shown,
    error,
    isChecked,
    isStale: newest.data === undefined ? quick.isPlaceholderData : newest.isPlaceholderData,
    ask: () => void Promise.all([quick.refetch(), checked.refetch()]),
  }
}

/** Changes with everything that a plan depends on and the application tells. */
function digestOf({ metadata, spec, status }: Application): string {
  const { sync, resources = [] } = status ?? {}
  const deviating = resources.filter((one) => one.status !== 'Synced').map(({ kind, name }) => `${kind}/${name}`)
  return [
    metadata.generation,
    metadata.annotations?.['tiphys.dev/pin'],
    JSON.stringify(spec.source ?? spec.sources),
    sync?.revision,
    sync?.revisions,
    resources.length,
    deviating,
  ].join(' ')
}
