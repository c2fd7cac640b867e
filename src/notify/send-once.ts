/** One attempt at one notification, by the service that the configuration names. */
import { messageOf } from '../model/index.ts'
import { masked, type NotificationSettings } from './configuration.ts'
import type { Courier } from './delivery/courier.ts'
import { DeliveryError, unusable } from './delivery/delivery-error.ts'
import type { Notification } from './notification.ts'
import { senders } from './service/services.ts'
import type { Destination } from './subscriptions.ts'

export interface Outgoing extends Destination {
  notification: Notification
  courier: Courier
  /** The same for each attempt at the same notification. */
  key?: string
  now?: Date
}

/** Throws a DeliveryError, in which no secret shows. */
export async function sendOnce(settings: NotificationSettings, outgoing: Outgoing): Promise<void> {
  const { service: name, recipient, notification, courier, now = new Date() } = outgoing
  const service = settings.services.get(name)
  if (!service) {
    throw unusable(
      `the service ${JSON.stringify(name)} is not configured: add service.${name} to argocd-notifications-cm`,
    )
  }
  const send = senders.get(service.type)
  if (!send) {
    const known = [...senders.keys()].join(', ')
    throw unusable(`services of type ${JSON.stringify(service.type)} are not known: use one of ${known}`)
  }
  const id = Buffer.from(outgoing.key ?? now.toISOString())
    .toString('base64url')
    .slice(-60)
  try {
    await send({ notification, recipient, options: service.options, serviceName: name, courier, now, id })
  } catch (error) {
    throw hiding(error, Object.values(settings.secrets))
  }
}

function hiding(error: unknown, secrets: string[]): DeliveryError {
  const known = error instanceof DeliveryError ? error : undefined
  return new DeliveryError(masked(messageOf(error), secrets), {
    retry: known?.retry ?? false,
    ...(known?.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
  })
}
