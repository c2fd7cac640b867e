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

/** A flood of events tells no more than its latest. */
const most = 1000

/** The latest last. */
export async function eventsOf({ metadata }: Pick<KubeObject, 'metadata'>, client: KubeClient, signal?: AbortSignal) {
  const { name, namespace = '', uid = '' } = metadata
  const fieldSelector = Object.entries({ name, namespace, uid })
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `involvedObject.${field}=${value.replace(/[\\,=]/g, '\\$&')}`)
    .join()
  const resource = (await client.apiResources()).find('', 'Event')
  const events: KubeObject[] = []
  // Events about what belongs to no namespace are kept in the default one.
  const options = { namespace: namespace || 'default', fieldSelector, signal }
  if (resource) for await (const event of client.list(resource, options)) events.push(event)
  events.sort((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1))
  return { metadata: {}, items: events.slice(-most).map(shownEvent) }
}

function timeOf({ metadata, lastTimestamp, eventTime }: KubeObject): string {
  return String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '')
}

function shownEvent(event: KubeObject): ShownEvent {
  const { managedFields: _managedFields, ...metadata } = event.metadata
  const fields = shown.flatMap((name) =>
    event[name] === undefined || event[name] === null ? [] : [[name, event[name]]],
  )
  return { metadata, ...Object.fromEntries(fields) }
}
