/** What there is of notifications, by name, and what has become of them. */
import { applicationObject } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { messageOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'

export function notificationHandlers(services: Services): Handler[] {
  const { notifier } = services
  const named = (what: keyof ReturnType<typeof notifier.names>) => async () => ({
    items: notifier.names()[what].map((name) => ({ name })),
  })
  return [
    handler(routes.notifications.services, named('services')),
    handler(routes.notifications.templates, named('templates')),
    handler(routes.notifications.triggers, named('triggers')),
    handler(routes.notifications.deliveries, async (call) => {
      const shown = notifier.undelivered().map((one) => ({ one, object: objectOf(one.application, services) }))
      const visible = call.visible(shown, ({ object }) => ({ resource: 'applications', action: 'get', object }))
      return { items: visible.map(({ one }) => one) }
    }),
    handler(routes.notifications.test, async (call) => {
      call.require({ resource: 'projects', action: 'update', object: '*' })
      const { service = '', recipient = '', template, application } = withoutNulls(call.body)
      if (service === '')
        throw new ApiError('InvalidArgument', 'the request names no service: give service and recipient')
      try {
        const instance = application?.replace('/', '_')
        await notifier.test({ service, recipient, ...(template && { template }), ...(instance && { instance }) })
      } catch (error) {
        throw new ApiError('FailedPrecondition', messageOf(error))
      }
      return {}
    }),
  ]
}

/** One that is gone is asked about as one of no project: only who may see all sees what became of its notifications. */
function objectOf(instance: string, { controlPlane }: Services): string {
  const application = controlPlane.application(instance)
  if (!application) return `/${instance}`
  const { name, namespace } = application.metadata
  return applicationObject({
    project: application.spec.project,
    name,
    namespace: namespace ?? controlPlane.namespace,
    controlNamespace: controlPlane.namespace,
  })
}
