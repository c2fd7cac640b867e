/** A change of an Application that nobody else's change can be in the way of: an operation, an annotation, a phase. */
import type { Application } from '../../model/index.ts'
import { type Change as AuditedChange, audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { shown } from './declared.ts'
import { questionOf } from './find-application.ts'

export interface Mark {
  application: Application
  /** The merge patch of the newest version; throws where that version does not admit it. */
  change(current: Application): object
  /** For the audit: what the caller did. */
  did: string
  reason?: AuditedChange['reason']
}

export async function markApplication(call: Call, mark: Mark, services: Services): Promise<Application> {
  const { application, change, did, reason = 'ResourceUpdated' } = mark
  const stored = storedObjects(services)
  let before = application
  const after = shown(
    (await stored.change(application, (current) => {
      before = current as Application
      return change(before)
    })) as Application,
  )
  const { object } = questionOf(after, 'update', services.controlPlane.namespace)
  await audit(call, { reason, did, object, subject: after, before, after }, services)
  return after
}
