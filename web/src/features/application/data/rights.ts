/** What the user may do to one application: asked at once, and only that is offered. */
import type { Application } from '../../../lib/api.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSession } from '../../../lib/session.tsx'

export type ApplicationRights = ReturnType<typeof useApplicationRights>

export function useApplicationRights({ metadata, spec }: Application) {
  const { settings } = useSession()
  const { name, namespace } = metadata
  const isAtHome = !namespace || namespace === settings.controllerNamespace
  const object = [spec.project || 'default', ...(isAtHome ? [] : [namespace]), name].join('/')
  const about = (action: string) => ({ resource: 'applications', action, object })
  return useRights({
    sync: about('sync'),
    update: about('update'),
    switchAutomation: about('update/sync-policy'),
    rollback: about('rollback'),
    delete: about('delete'),
  })
}
