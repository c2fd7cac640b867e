/** What is configured of notifications, by name: the keys of argocd-notifications-cm. */
import { applicationObject } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { messageOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'

export function notificationHandlers(services: Services): Handler[] {
  const { controlPlane, notifier } = services
  const names = (read: (keys: string[]) => string[]) => {
    const found = read(Object.keys(controlPlane.settings('argocd-notifications-cm')))
    return { items: [...new Set(found)].sort().map((name) => ({ name })) }
  }
  return [
    handler(routes.notifications.services, async () => names(serviceNames)),
    handler(routes.notifications.templates, async () => names((keys) => below('template.', keys))),
    handler(routes.notifications.triggers, async () => names((keys) => below('trigger.', keys))),
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

/** `service.<type>`, or `service.<type>.<name>` for one of several. */
export function serviceNames(keys: string[]): string[] {
  return below('service.', keys).map((service) => service.replace(/^[^.]*\./, ''))
}

function below(prefix: string, keys: string[]): string[] {
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
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
