/** Kubernetes Events as the API shows them. */
import { Integer, Text, Type } from '../model/schema.ts'
import { fields } from './body.ts'
import { listOf } from './named.ts'

const Reference = fields('eventsObjectReference', {
  apiVersion: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  uid: Text,
  resourceVersion: Text,
  fieldPath: Text,
})

const Event = fields('eventsEvent', {
  metadata: Type.Unsafe<object>({ type: 'object' }),
  involvedObject: Reference,
  reason: Text,
  message: Text,
  source: fields('eventsEventSource', { component: Text, host: Text }),
  firstTimestamp: Text,
  lastTimestamp: Text,
  count: Integer,
  type: Text,
  eventTime: Text,
  action: Text,
  reportingComponent: Text,
  reportingInstance: Text,
})

export const EventList = listOf('eventsEventList', Event)
