/** The Kubernetes Events about one object. */
import type { KubeClient } from '../live/index.ts'
import type { KubeObject } from '../model/index.ts'

type ShownEvent = Record<string, never>

const shown = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'reportingComponent',
  'reportingInstance',
] as const

export async function eventsOf({ metadata }: KubeObject, client: KubeClient) {
  const { name, namespace = '', uid = '' } = metadata
  const selector = { name, namespace, uid }
  const fieldSelector = Object.entries(selector).map(([field, value]) => `involvedObject.${field}=${value}`)
  const resource = (await client.apiResources()).find('', 'Event')
  const items: ShownEvent[] = []
  if (!resource) return { metadata: {}, items }
  for await (const event of client.list(resource, { namespace, fieldSelector: fieldSelector.join(',') })) {
    items.push(shownEvent(event))
  }
  return { metadata: {}, items }
}

function shownEvent(event: KubeObject): ShownEvent {
  const { managedFields: _managedFields, ...metadata } = event.metadata
  const fields = shown.flatMap((name) =>
    event[name] === undefined || event[name] === null ? [] : [[name, event[name]]],
  )
  return { metadata, ...Object.fromEntries(fields) }
}
