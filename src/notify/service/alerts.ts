/** Where people are called and dashboards marked: PagerDuty, Opsgenie, Grafana, Alertmanager, Pushover. */

import { messageOf } from '../../model/index.ts'
import type { Dict } from '../../template/index.ts'
import { DeliveryError, unusable } from '../delivery/delivery-error.ts'
import {
  dict,
  filled,
  forRecipient,
  isInsecure,
  joined,
  jsonHeaders,
  list,
  type Parcel,
  postForm,
  postJson,
  text,
} from './service.ts'

export async function sendToPagerDuty(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const fields = dict(notification, 'pagerdutyv2')
  if (text(fields, 'summary') === '') throw unusable('the template has no pagerdutyv2.summary')
  const part = (key: string): string => text(fields, key)
  const event = filled({
    routing_key: forRecipient(options, 'serviceKeys', recipient),
    event_action: 'trigger',
    dedup_key: part('dedupKey'),
    client: 'Tiphys',
    client_url: part('url'),
    payload: {
      summary: part('summary'),
      source: part('source'),
      severity: part('severity'),
      ...filled({ component: part('component'), group: part('group'), class: part('class') }),
    },
  })
  await postJson(parcel, text(options, 'apiURL') || 'https://events.pagerduty.com/v2/enqueue', event)
}

export async function sendToOpsgenie(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const fields = dict(notification, 'opsgenie')
  const part = (key: string): string => text(fields, key)
  const several = (key: string): unknown[] | undefined => (list(fields, key).length > 0 ? list(fields, key) : undefined)
  const details = dict(fields, 'details')
  const alert = filled({
    message: text(notification, 'message'),
    alias: part('alias'),
    description: part('description'),
    responders: [{ type: 'team', id: recipient }],
    visibleTo: several('visibleTo')?.map(responder),
    actions: several('actions'),
    tags: several('tags'),
    details: Object.keys(details).length > 0 ? details : undefined,
    entity: part('entity'),
    source: 'Argo CD',
    priority: part('priority'),
    user: part('user'),
    note: part('note'),
  })
  const host = text(options, 'apiUrl') || 'api.opsgenie.com'
  const base = /^https?:\/\//.test(host) ? host : `https://${host}`
  const authorization = `GenieKey ${forRecipient(options, 'apiKeys', recipient)}`
  await postJson(parcel, joined(base, 'v2/alerts'), alert, { authorization })
}

/** Templates write its fields with capitals, as Argo CD's documentation does; Opsgenie knows small letters. */
function responder(given: unknown): Dict {
  return filled(Object.fromEntries(['type', 'name', 'id', 'username'].map((key) => [key, text(given, key)])))
}

/** The recipient is the tags, `|` between them. */
export async function sendToGrafana(parcel: Parcel): Promise<void> {
  const { notification, options, recipient, now } = parcel
  const annotation = {
    time: Math.floor(now.getTime() / 1000) * 1000,
    isRegion: false,
    tags: recipient.split('|'),
    text: text(notification, 'message'),
  }
  const authorization = `Bearer ${text(options, 'apiKey')}`
  await postJson(parcel, joined(text(options, 'apiUrl'), 'annotations'), annotation, { authorization })
}

/** One of the targets is enough: they tell each other. */
export async function sendToAlertmanager(parcel: Parcel): Promise<void> {
  const { notification, options, courier, now } = parcel
  const fields = dict(notification, 'alertmanager')
  const labels = dict(fields, 'labels')
  if (Object.keys(labels).length === 0)
    throw unusable('the template has no alertmanager.labels: at least one is needed')
  const alert = {
    labels,
    annotations: dict(fields, 'annotations'),
    generatorURL: text(fields, 'generatorURL').replace(/^git@([^:]+):/, 'https://$1/'),
    startsAt: now.toISOString(),
  }
  const targets = list(options, 'targets').map(String)
  const scheme = text(options, 'scheme') || 'http'
  const path = text(options, 'apiPath') || '/api/v2/alerts'
  const headers = { ...jsonHeaders, ...authorization(options) }
  const attempts = await Promise.allSettled(
    (targets.length > 0 ? targets : ['127.0.0.1:9093']).map((target) =>
      courier.send({
        url: `${scheme}://${target}${path}`,
        method: 'POST',
        headers,
        body: JSON.stringify([alert]),
        insecure: isInsecure(options),
      }),
    ),
  )
  if (attempts.some(({ status }) => status === 'fulfilled')) return
  const reasons = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []))
  const retry = reasons.some((reason) => reason instanceof DeliveryError && reason.retry)
  throw new DeliveryError(`no Alertmanager took the alert: ${reasons.map(messageOf).join('; ')}`, { retry })
}

export function authorization(options: Dict): Record<string, string> {
  const { username, password } = dict(options, 'basicAuth')
  if (username !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${String(username)}:${String(password ?? '')}`).toString('base64')}` }
  }
  const token = text(options, 'bearerToken')
  return token === '' ? {} : { authorization: `Bearer ${token}` }
}

export async function sendToPushover(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const fields = {
    token: text(options, 'token'),
    user: recipient,
    message: text(notification, 'message'),
    priority: '0',
  }
  await postForm(parcel, text(options, 'apiURL') || 'https://api.pushover.net/1/messages.json', { fields })
}
