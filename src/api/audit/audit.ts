/**
 * Every change that is made through the API is told twice: as a Kubernetes Event on the object, and as a line of the log.
 *
 *   await audit(call, { reason, did, object, subject, before, after }, services)
 *
 * To be called once, after the change has been made. It never fails: what has been done is done.
 */
import type { KubeObject } from '../../model/index.ts'
import { messageOf } from '../../model/index.ts'
import { eventOf, type Occurrence } from '../../reconcile/event-of.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { changedParts, withoutValues } from './changed-parts.ts'

export interface Change {
  reason: Extract<
    Occurrence['reason'],
    'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted' | 'ResourceActionRan' | 'OperationStarted'
  >
  /** What the caller did, in the past tense, such as `created application`. Without secrets: it is told as it is. */
  did: string
  /** As policies name it, such as `<project>/<application>`; of several spellings the first is told. */
  object: string | string[]
  /** The object of the control plane that the Event stands on; without one there is only the line of the log. */
  subject?: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>
  /**
   * The whole object as it was and as it is: only what differs in what people declare is told, without the values of
   * Secrets and of parameters, which are masked here. `before` is absent for what is new, `after` for what is gone.
   */
  before?: object
  after?: object
}

type Caused = Pick<Call, 'caller' | 'address' | 'requestId'> & { route: Pick<Call['route'], 'id'> }

export async function audit(
  { caller, address, requestId, route }: Caused,
  change: Change,
  { controlPlane, log }: Pick<Services, 'controlPlane' | 'log'>,
): Promise<void> {
  const user = caller.name || caller.kind
  const { reason, subject } = change
  const did = withoutValues(change.did)
  const { id: action } = route
  const resource = action.slice(0, action.indexOf('.'))
  const { before, after } = changedParts(change.before, change.after)
  const object = withoutValues([change.object].flat()[0] ?? '')
  log.info({ audit: true, user, address, requestId, action, resource, object, before, after }, `${user} ${did}`)
  if (!subject) return
  const message = `${user} ${did} (from ${address})`
  const event = eventOf(subject, { reason, type: 'Normal', message, component: 'argocd-server' }, new Date())
  await controlPlane.record(event).catch((error: unknown) => {
    log.warn({ audit: true, requestId, error: messageOf(error) }, 'an event could not be recorded')
  })
}
