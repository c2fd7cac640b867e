/** What is configured of notifications, by name: the keys of argocd-notifications-cm. */
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'

export function notificationHandlers({ controlPlane }: Services): Handler[] {
  const names = (read: (keys: string[]) => string[]) => {
    const found = read(Object.keys(controlPlane.settings('argocd-notifications-cm')))
    return { items: [...new Set(found)].sort().map((name) => ({ name })) }
  }
  return [
    handler(routes.notifications.services, async () => names(serviceNames)),
    handler(routes.notifications.templates, async () => names((keys) => below('template.', keys))),
    handler(routes.notifications.triggers, async () => names((keys) => below('trigger.', keys))),
  ]
}

/** `service.<type>`, or `service.<type>.<name>` for one of several. */
export function serviceNames(keys: string[]): string[] {
  return below('service.', keys).map((service) => service.replace(/^[^.]*\./, ''))
}

function below(prefix: string, keys: string[]): string[] {
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
}
