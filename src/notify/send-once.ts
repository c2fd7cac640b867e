/** One attempt at one notification, by the service that the configuration names. */
import { messageOf } from '../model/index.ts'
import { deadlineIn } from '../process/deadline.ts'
import { type NotificationSettings, whyMissing } from './configuration.ts'
import type { Courier, HttpRequest } from './delivery/courier.ts'
import { DeliveryError, unusable } from './delivery/delivery-error.ts'
import { masked } from './masked.ts'
import type { Notification } from './notification.ts'
import { senders } from './service/services.ts'
import type { Destination } from './subscriptions.ts'

export interface Outgoing extends Destination {
  notification: Notification
  courier: Courier
  /** The same for each attempt at the same notification. */
  key?: string
  now?: Date
  /** The same map for each attempt at the same notification: what is in it is not done again. */
  done?: Map<string, string>
  /** All of its requests together. */
  limitMs?: number
}

const mostTold = 500
/** Some services take several requests. */
export const attemptLimitMs = 30_000

/** Throws a DeliveryError, in which no secret shows. */
export async function sendOnce(settings: NotificationSettings, outgoing: Outgoing): Promise<void> {
  const { service: name, recipient, notification, courier, now = new Date(), done = new Map() } = outgoing
  const service = settings.services.get(name)
  if (!service) throw unusable(whyMissing(settings, 'service', name))
  const send = senders.get(service.type)
  if (!send) {
    const known = [...senders.keys()].join(', ')
    throw unusable(`services of type ${JSON.stringify(service.type)} are not known: use one of ${known}`)
  }
  const id = Buffer.from(outgoing.key ?? now.toISOString())
    .toString('base64url')
    .slice(-60)
  const shown = new Set(Object.values(settings.secrets))
  const limit = deadlineIn(outgoing.limitMs ?? attemptLimitMs)
  const noting: Courier = {
    ...courier,
    send(request) {
      for (const secret of credentialsIn(request)) shown.add(secret)
      return courier.send(request, limit.signal)
    },
  }
  const parcel = {
    notification,
    recipient,
    options: service.options,
    serviceName: name,
    now,
    id,
    done,
    signal: limit.signal,
  }
  try {
    await send({ ...parcel, courier: noting })
  } catch (error) {
    throw hiding(error, shown)
  } finally {
    limit.clear()
  }
}

const credential = /auth|token|key|secret|cookie/i

/** Some are no secrets of the configuration, but made from them or got with them. */
function credentialsIn({ headers = {} }: HttpRequest): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (credential.test(name) ? [value] : []))
  return values.flatMap((value) => [value, value.replace(/^\S+ /, '')])
}

/** What a receiver has said may be long, and is shortened only once no secret is in it. */
function hiding(error: unknown, secrets: Iterable<string>): DeliveryError {
  const known = error instanceof DeliveryError ? error : undefined
  const message = masked(messageOf(error), secrets)
  return new DeliveryError(message.length > mostTold ? `${message.slice(0, mostTold)}…` : message, {
    retry: known?.retry ?? false,
    ...(known?.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
  })
}
