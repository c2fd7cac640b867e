/** What a service is: sends one notification to one recipient. */
import { type Dict, entry, isDict } from '../../template/index.ts'
import type { Courier } from '../delivery/courier.ts'
import { unusable } from '../delivery/delivery-error.ts'
import type { Notification } from '../notification.ts'

export interface Parcel {
  notification: Notification
  recipient: string
  options: Dict
  /** What the configuration calls the service. */
  serviceName: string
  courier: Courier
  now: Date
  /** The same for each attempt at the same notification. */
  id: string
}

/** Throws a DeliveryError. */
export type Send = (parcel: Parcel) => Promise<void>

/** A text of a dict; empty when it is absent. */
export function text(dict: unknown, key: string): string {
  const value = isDict(dict) ? entry(dict, key) : undefined
  return value === undefined || value === null ? '' : String(value)
}

export function dict(parent: unknown, key: string): Dict {
  const value = isDict(parent) ? entry(parent, key) : undefined
  return isDict(value) ? value : {}
}

export function list(parent: unknown, key: string): unknown[] {
  const value = isDict(parent) ? entry(parent, key) : undefined
  return Array.isArray(value) ? value : []
}

/** A field of a template that holds JSON. */
export function json(parent: unknown, key: string, what: string): unknown {
  const value = text(parent, key)
  if (value.trim() === '') return undefined
  try {
    return JSON.parse(value)
  } catch {
    throw unusable(
      `the field ${what}.${key} of the template is no JSON once it is filled in: look for a missing comma or quote`,
    )
  }
}

/** Of a map of recipients, such as addresses of webhooks. */
export function forRecipient(options: Dict, key: string, recipient: string): string {
  const value = text(dict(options, key), recipient)
  if (value === '')
    throw unusable(
      `nothing is configured for the recipient ${JSON.stringify(recipient)}: add it to ${key} of the service`,
    )
  return value
}

/** Without fields that say nothing. */
export function filled(fields: Dict): Dict {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))
}

export function isInsecure(options: Dict): boolean {
  return options.insecureSkipVerify === true
}

export const jsonHeaders = { 'content-type': 'application/json' }

export function postJson(parcel: Parcel, url: string, body: unknown, headers: Record<string, string> = {}) {
  return parcel.courier.send({
    url,
    method: 'POST',
    headers: { ...jsonHeaders, ...headers },
    body: JSON.stringify(body),
    insecure: isInsecure(parcel.options),
  })
}

export function joined(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
}
