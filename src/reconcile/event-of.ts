/** A Kubernetes Event about an object. Pure. */
import { createHash } from 'node:crypto'
import type { KubeObject } from '../model/index.ts'

/** Argo CD's reasons and its image updater's, and `ResourcesLeft` and `ImageUpdateFailed`. */
export type EventReason =
  | 'ResourceCreated'
  | 'ResourceUpdated'
  | 'ResourceDeleted'
  | 'ResourceActionRan'
  | 'OperationStarted'
  | 'OperationCompleted'
  | 'ResourcesLeft'
  | 'ImagesUpdated'
  | 'ImageUpdateFailed'

export interface Occurrence {
  reason: EventReason
  type: 'Normal' | 'Warning'
  message: string
  /** Told again, it is the same event. */
  once?: boolean
  /** Who tells it; the controller unless given. */
  component?: 'argocd-server' | 'argocd-image-updater'
}

const longestMessage = 1000
/** What is left of a name for the event's own. */
const longestName = 230

export function eventOf(
  subject: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
  occurrence: Occurrence,
  now: Date,
) {
  const { reason, type, message, once, component = 'argocd-application-controller' } = occurrence
  const { apiVersion, kind } = subject
  const { name, namespace = '', uid = '', resourceVersion = '' } = subject.metadata
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const suffix = createHash('sha1')
    .update(`${uid}${message}${once ? '' : now.toISOString()}`)
    .digest('hex')
    .slice(0, 16)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    // Those about objects of the whole cluster stand in `default`, as Kubernetes has it.
    metadata: { name: `${name.slice(0, longestName)}.${suffix}`, namespace: namespace || 'default' },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    reason,
    type,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage - 3)}…` : message,
    source: { component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }
}
