/** The objects of all applications, as one list. */
import { routes } from '../../contract/index.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { questionOf } from '../applications/find-application.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { pageOf } from './resource-page.ts'
import { choose, type RowContext, rowsOf, shownRow } from './resource-rows.ts'

export function resourceHandlers({ controlPlane, stages }: Pick<Services, 'controlPlane' | 'stages'>): Handler[] {
  const context: RowContext = {
    controlNamespace: controlPlane.namespace,
    clusterName: (destination) =>
      clusterFor(destination, stages.clusters)?.name || destination.name || destination.server || '',
  }
  return [
    handler(routes.resources.list, async (call) => {
      const visible = call.visible(controlPlane.applications(), (application) =>
        questionOf(application, 'get', controlPlane.namespace),
      )
      const rows = visible.flatMap((application) => rowsOf(application, context))
      const { matching, counts } = choose(rows, call.query, { counted: call.query.counts ?? false })
      const { items, next, remaining } = pageOf(matching, call.query)
      return {
        metadata: { ...(next && { continue: next }), remainingItemCount: remaining },
        items: items.map(shownRow),
        ...(counts && { counts }),
      }
    }),
  ]
}
