/** A rollback, and the pin that keeps automated sync from undoing it. */
import type { routes } from '../../contract/index.ts'
import { type Application, isAutomated, type RevisionHistory } from '../../model/index.ts'
import { entryToReturnTo, isUnderWay, pinned, rollbackOperation } from '../../operation/index.ts'
import { ApiError } from '../api-error.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'
import { findApplication, questionOf } from './find-application.ts'
import { markApplication } from './mark-application.ts'
import { applicationOnce, startOperation } from './start-operation.ts'
import { unmet } from './sync-request.ts'

type RollbackRoute = typeof routes.applications.rollback

export async function rollBack(call: Call<RollbackRoute>, services: Services): Promise<Application> {
  const { controlPlane } = services
  const { id, prune, dryRun, hooks, pin, ...named } = withoutNulls(call.body)
  const where = { ...named, ...call.params }
  const application = findApplication(call, where, { controlPlane, action: 'rollback' })
  if (prune) call.require(questionOf(application, 'sync/prune', controlPlane.namespace))
  if (application.metadata.deletionTimestamp) throw unmet('application is deleting')
  const automated = isAutomated(application.spec)
  if (automated && pin === false) throw unmet('rollback cannot be initiated when auto-sync is enabled')
  const entry = chosenEntry(application, id)
  const { name: username } = call.caller
  const request = { entry, ...(prune && { prune }), ...(dryRun && { dryRun }), ...(hooks && { hooks }) }
  const operation = rollbackOperation(application, request, username)
  const pins = !dryRun && (pin ?? automated)
  const did = `initiated rollback to ${entry.id}`
  if (!pins) return startOperation(call as Call, { application, operation, did }, services)
  const mark = pinned(entry, { username, now: new Date() })
  const idle = await idleOnce(call as Call, { application, entry, mark }, services)
  return startOperation(call as Call, { application: idle, operation, did, with: mark }, services)
}

/** Without an id, the one before the last. */
export function chosenEntry(application: Application, given: number | string | undefined): RevisionHistory {
  const entry = entryToReturnTo(application, given === undefined ? undefined : Number(given))
  if (entry && (entry.source || entry.sources?.length)) return entry
  const known = (application.status?.history ?? []).map((candidate) => candidate.id).join(', ') || 'none'
  const { name } = application.metadata
  throw new ApiError(
    'InvalidArgument',
    `application ${name} does not have deployment with id ${given ?? '(none)'}: there are ${known}`,
  )
}

/**
 * A pin does not wait for what is under way: an automated sync is given up for it, and one of somebody else's comes to its
 * end first.
 */
async function idleOnce(
  call: Call,
  { application, entry, mark }: { application: Application; entry: RevisionHistory; mark: object },
  services: Services,
): Promise<Application> {
  if (!isUnderWay(application)) return application
  const did = `pinned the application to history ${entry.id}`
  const marked = await markApplication(call, { application, change: () => mark, did }, services)
  const { controlPlane } = services
  return applicationOnce(marked, (current) => !isUnderWay(current), { controlPlane, signal: call.signal })
}
