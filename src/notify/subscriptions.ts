/** Who wants to know what: annotations of an application and its project, and the subscriptions of the installation. */
import { load } from 'js-yaml'
import type { KubeObject } from '../model/index.ts'
import { isDict } from '../template/index.ts'
import type { NotificationSettings } from './configuration.ts'

export interface Destination {
  service: string
  recipient: string
}

type Defaults = Pick<NotificationSettings, 'defaultTriggers' | 'serviceDefaultTriggers'>
type Labels = Readonly<Record<string, string>>

export interface SubscriptionInputs {
  application: KubeObject
  project: KubeObject | undefined
  settings: Defaults & Pick<NotificationSettings, 'subscriptions'>
  matches(selector: string, labels: Labels): boolean
}

const prefix = 'notifications.argoproj.io/'

/** Each destination once for each trigger. */
export function destinationsOf(inputs: SubscriptionInputs): Map<string, Destination[]> {
  const { application, project, settings } = inputs
  const found = new Map<string, Map<string, Destination>>()
  const add = (trigger: string, destination: Destination): void => {
    const known = found.get(trigger) ?? new Map<string, Destination>()
    known.set(`${destination.service}\n${destination.recipient}`, destination)
    found.set(trigger, known)
  }
  for (const object of [application, project]) {
    for (const one of annotated(object?.metadata.annotations ?? {})) {
      for (const trigger of triggersOf(one, settings)) {
        for (const recipient of one.recipients) add(trigger, { service: one.service, recipient })
      }
    }
  }
  const labels = application.metadata.labels ?? {}
  for (const { recipients, triggers, selector } of settings.subscriptions) {
    if (!inputs.matches(selector, labels)) continue
    for (const trigger of triggers.length > 0 ? triggers : settings.defaultTriggers) {
      for (const recipient of recipients) add(trigger, globalDestination(recipient))
    }
  }
  return new Map([...found].map(([trigger, destinations]) => [trigger, [...destinations.values()]]))
}

interface Annotated {
  trigger: string
  service: string
  recipients: string[]
}

function triggersOf({ trigger, service }: Annotated, { defaultTriggers, serviceDefaultTriggers }: Defaults): string[] {
  return trigger === '' ? (serviceDefaultTriggers.get(service) ?? defaultTriggers) : [trigger]
}

/** `service`, or `service:recipient`. */
function globalDestination(text: string): Destination {
  const [service = '', recipient = ''] = text.split(':')
  return { service, recipient }
}

function annotated(annotations: Readonly<Record<string, string>>): Annotated[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (key.startsWith(`${prefix}subscribe.`)) return [fromKey(key.slice(prefix.length + 'subscribe.'.length), value)]
    return key.startsWith(`${prefix}subscriptions`) ? fromList(value) : []
  })
}

/** `<trigger>.<service>`, or `<service>` for the default triggers. */
function fromKey(name: string, value: string): Annotated {
  const [first = '', second] = name.split('.')
  const recipients = value === '' ? [''] : value.split(';').flatMap((recipient) => recipient.trim() || [])
  return second === undefined
    ? { trigger: '', service: first, recipients }
    : { trigger: first, service: second, recipients }
}

/** Each trigger with each recipient: few characters stand for many. */
const mostListed = 1000

/** A list of `{trigger: […], destinations: [{service, recipients}]}`; one that cannot be read subscribes nobody. */
function fromList(text: string): Annotated[] {
  let list: unknown
  try {
    list = load(text, { maxAliases: 100 })
  } catch {
    return []
  }
  let count = 0
  return itemsOf(list).flatMap((item) => {
    const triggers = textsOf(isDict(item) ? item.trigger : undefined)
    return itemsOf(isDict(item) ? item.destinations : undefined).flatMap((destination) => {
      if (!isDict(destination) || typeof destination.service !== 'string') return []
      const { service } = destination
      const recipients = textsOf(destination.recipients)
      count += Math.max(triggers.length, 1) * Math.max(recipients.length, 1)
      if (count > mostListed) return []
      return (triggers.length > 0 ? triggers : ['']).map((trigger) => ({ trigger, service, recipients }))
    })
  })
}

/** A list in a list would be written out, with all that aliases in it stand for. */
function textsOf(value: unknown): string[] {
  return itemsOf(value).flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? String(item) : []))
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
