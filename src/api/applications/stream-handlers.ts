/** What is told of applications as it happens. */
import { routes } from '../../contract/index.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { standingRights } from '../standing-rights.ts'
import { applicationFilter, isAskedFor } from './application-filter.ts'
import { readVersion, watchApplications } from './application-watch.ts'
import { parseFields, selectionBelow } from './field-selection.ts'
import { facetContext, type ReadContext } from './list-handlers.ts'
import { observedApplications } from './observed-application.ts'
import { watchTree } from './tree-watch.ts'

export function applicationStreamHandlers(services: Services, { texts, seeing }: ReadContext): Handler[] {
  const { controlPlane, access } = services
  const applications = observedApplications(services)
  const rightsOf = ({ caller, token }: Pick<Call, 'caller' | 'token'>) =>
    standingRights({ caller, token, now: Date.now }, access)

  return [
    handler(routes.applicationStreams.applications, async (call) => {
      const { query, signal } = call
      const filter = applicationFilter(query, facetContext(services))
      // Each application is asked about whenever it is told.
      call.visibleOf([], seeing)
      // As in Argo CD, who watches one application never misses anything of it.
      const since = query.name ? undefined : readVersion(query.resourceVersion)
      const request = {
        isAskedFor: (application: Parameters<typeof isAskedFor>[0]) => isAskedFor(application, filter),
        selection: selectionBelow(parseFields(query.fields), 'result'),
        ...(since !== undefined && { since }),
        rights: rightsOf(call),
        signal,
      }
      return watchApplications(request, { controlPlane, texts, seeing }) as never
    }),
    handler(routes.applicationStreams.tree, async (call) => {
      const { application } = await applications.observed(call, call.params.applicationName)
      return watchTree({ application, rights: rightsOf(call), signal: call.signal }, services) as never
    }),
  ]
}
