/** What of a drifted application differs: asked about one of its objects, and only while its row is in sight. */
import { useQuery } from '@tanstack/react-query'
import { api, type FieldDrift, type ResourceDiff, routes } from '../../../lib/api.ts'
import type { Row } from '../rows/rows.ts'

export interface Drift {
  resource: ResourceDiff | undefined
  fields: FieldDrift[]
}

type ResourceStatus = NonNullable<NonNullable<Row['status']>['resources']>[number]

/** Objects that are not as declared; those that a sync would change before those that it would create or prune. */
export function driftedResources({ status }: Row): ResourceStatus[] {
  const drifted = (status?.resources ?? []).filter((resource) => resource.status === 'OutOfSync' && !resource.hook)
  const isMissing = (resource: ResourceStatus) =>
    resource.requiresPruning === true || resource.health?.status === 'Missing'
  return [...drifted.filter((one) => !isMissing(one)), ...drifted.filter(isMissing)]
}

export function useDrift(row: Row, enabled: boolean) {
  const { name, namespace } = row.metadata
  const [first] = driftedResources(row)
  return useQuery({
    queryKey: ['applications', 'drift', namespace, name, first?.group, first?.kind, first?.namespace, first?.name],
    queryFn: async ({ signal }): Promise<Drift> => {
      const { items } = await api.call(routes.applicationResources.managed, {
        params: { applicationName: name },
        query: {
          ...(namespace && { appNamespace: namespace }),
          ...(first && { group: first.group ?? '', kind: first.kind ?? '', name: first.name ?? '' }),
          ...(first?.namespace && { namespace: first.namespace }),
        },
        signal,
      })
      const resource = items.find(({ verdict }) => verdict !== 'synced') ?? items[0]
      return { resource, fields: resource?.drift ?? [] }
    },
    enabled: enabled && first !== undefined,
    // Another field of it may drift without a word in its status.
    staleTime: 15_000,
    refetchInterval: 20_000,
    retry: false,
  })
}
