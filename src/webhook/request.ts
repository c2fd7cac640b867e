/** A webhook as it came in, and its body read as JSON. */
import { WebhookRefused } from './event.ts'
import type { Json } from './payload.ts'

export interface WebhookRequest {
  headers: Record<string, string | undefined>
  /** What stands behind the `?` of the address. */
  query?: Record<string, string | undefined>
  /** As it was sent, since signatures are over its bytes. */
  body: Buffer
  /** argocd-secret, decoded; values of other Secrets under `secret:key`. */
  secrets: Record<string, string>
}

/** The part of a request that tells who sent it. */
export interface Envelope {
  header(name: string): string | undefined
  query(name: string): string | undefined
}

export interface Delivery extends Envelope {
  body: Buffer
}

export function envelopeOf({ headers, query = {} }: Pick<WebhookRequest, 'headers' | 'query'>): Envelope {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const parameters = new Map(Object.entries(query))
  // An empty header says as little as a missing one.
  return { header: (name) => byName.get(name) || undefined, query: (name) => parameters.get(name) || undefined }
}

/** JSON, or the form with JSON in the field `payload` that GitHub and its like send unless told otherwise. */
export function parseBody({ header, body }: Delivery): Json {
  const text = body.toString('utf8')
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(header('content-type') ?? '')
  const payload = parseJson(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text)
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new WebhookRefused(400, 'The payload is not a JSON object.')
  return payload
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new WebhookRefused(
      400,
      'The payload is not valid JSON: set the content type of the webhook to application/json.',
    )
  }
}
