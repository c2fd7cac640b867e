/** What is to be known about one kind of sender. */
import type { Verdict } from './authenticity.ts'
import type { SecretLookup } from './configured-secrets.ts'
import type { WebhookEvent } from './event.ts'
import type { Json } from './payload.ts'
import type { Delivery, Envelope } from './request.ts'

export interface Provider {
  name: string
  detects(envelope: Envelope): boolean
  /** Asked before anything of the body is read. */
  authenticates(delivery: Delivery, secret: SecretLookup): Verdict
  /** The key without which nothing is accepted. A Git host needs none: what it says only makes Tiphys look again. */
  requiredSecret?: string
  /** Nothing for what needs nothing done, such as a ping. Never throws, whatever the payload is. */
  read(payload: Json, envelope: Envelope): WebhookEvent[]
}
