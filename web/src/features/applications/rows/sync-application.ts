/** Syncing and refreshing one application, as the rows and the bulk actions do it. */
import { api, routes } from '../../../lib/api.ts'
import type { Row } from './rows.ts'

export async function syncApplication({ metadata }: Row, { prune = false }: { prune?: boolean }): Promise<void> {
  const { name, namespace } = metadata
  await api.call(routes.applications.sync, {
    params: { name },
    body: { ...(namespace && { appNamespace: namespace }), ...(prune && { prune }) },
  })
}

export async function refreshApplication({ metadata }: Row): Promise<void> {
  const { name, namespace } = metadata
  await api.call(routes.applications.get, {
    params: { name },
    query: { refresh: 'normal', ...(namespace && { appNamespace: namespace }) },
  })
}
