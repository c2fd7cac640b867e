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
  /** Of several requests, what attempts before this have done already; each sender names its own. */
  done: Map<string, string>
  /** There is no more time. */
  signal: AbortSignal
}

/** Throws a DeliveryError. */
export type Send = (parcel: Parcel) => Promise<void>

/** By its name in any letter case, as Go reads JSON: `apiUrl` and `apiURL` are both written. */
export function field(parent: unknown, key: string): unknown {
  if (!isDict(parent)) return undefined
  const exact = entry(parent, key)
  if (exact !== undefined) return exact
  const other = Object.keys(parent).find((name) => name.toLowerCase() === key.toLowerCase())
  return other === undefined ? undefined : entry(parent, other)
}

/** A text of a dict; empty when it is absent. */
export function text(dict: unknown, key: string): string {
  return asText(field(dict, key))
}

function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

export function dict(parent: unknown, key: string): Dict {
  return asDict(field(parent, key))
}

function asDict(value: unknown): Dict {
  return isDict(value) ? value : {}
}

export function list(parent: unknown, key: string): unknown[] {
  const value = field(parent, key)
  return Array.isArray(value) ? value : []
}

export function flag(parent: unknown, key: string): boolean | undefined {
  const value = field(parent, key)
  return typeof value === 'boolean' ? value : undefined
}

/** What people have named themselves, such as a service: the letter case counts. */
export function named(parent: Dict, name: string): Dict {
  return asDict(entry(parent, name))
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
  const value = asText(entry(dict(options, key), recipient))
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
  return flag(options, 'insecureSkipVerify') === true
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

/** As Go writes forms: by name, with `*` escaped and `~` not. Fields that say nothing are left out. */
export function postForm(
  { courier, options }: Parcel,
  url: string,
  { fields, headers = {} }: { fields: Record<string, string>; headers?: Record<string, string> },
) {
  const form = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''))
  form.sort()
  return courier.send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form.toString().replaceAll('*', '%2A').replaceAll('%7E', '~'),
    insecure: isInsecure(options),
  })
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

export function joined(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
}
