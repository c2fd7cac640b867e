/** What the cluster has recorded about one object. */
import type { KubeClient } from '../../live/index.ts'
import type { KubeObject } from '../../model/index.ts'

export interface EventSubject {
  uid: string
  name: string
  namespace: string
}

/** A flood of events tells no more than its latest. */
const most = 1000

/** The latest last. */
export async function eventsOf(
  { uid, name, namespace }: EventSubject,
  { client, signal }: { client: KubeClient; signal: AbortSignal },
): Promise<KubeObject[]> {
  const resource = (await client.apiResources()).find('', 'Event')
  if (!resource) return []
  const selector = { 'involvedObject.name': name, 'involvedObject.namespace': namespace, 'involvedObject.uid': uid }
  const fieldSelector = Object.entries(selector)
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `${field}=${escaped(value)}`)
    .join()
  // Events about what belongs to no namespace are kept in this one.
  const options = { namespace: namespace || 'default', fieldSelector, signal }
  const events: KubeObject[] = []
  for await (const event of client.list(resource, options)) events.push(withoutManagers(event))
  return events.sort((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1)).slice(-most)
}

function escaped(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&')
}

function timeOf(event: KubeObject): string {
  const { lastTimestamp, eventTime } = event as { lastTimestamp?: string; eventTime?: string }
  return lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp ?? ''
}

function withoutManagers(event: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = event.metadata
  return { ...event, metadata }
}
