/** Syncs, rollbacks, and their end. */
import { routes } from '../../contract/index.ts'
import { type Application, sourcesOf } from '../../model/index.ts'
import { syncOperation, unpinned } from '../../operation/index.ts'
import { signaturePolicy } from '../../project/index.ts'
import { localManifests } from '../../reconcile/local-manifests.ts'
import { manualSyncRefusal } from '../../reconcile/operation-permission.ts'
import { projectOf } from '../../reconcile/project.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { findApplication, type Named, questionOf } from './find-application.ts'
import { markApplication } from './mark-application.ts'
import { planHandler } from './plan-handler.ts'
import { rollBack } from './roll-back.ts'
import { applicationOnce, hasEnded, startOperation } from './start-operation.ts'
import {
  checkSync,
  describeSync,
  isLocal,
  readSync,
  type SyncBody,
  type SyncSettings,
  syncRequest,
  syncRights,
  unmet,
} from './sync-request.ts'

export function applicationOperationHandlers(services: Services): Handler[] {
  const { controlPlane } = services
  const { applications } = routes
  const find = (call: Call, named: Named, action: string) => findApplication(call, named, { controlPlane, action })

  return [
    handler(applications.sync, async (call) => {
      const body = readSync(call.body)
      const application = find(call as Call, { ...body, ...call.params }, 'get')
      checkMaySync(call as Call, { application, body }, services)
      const operation = syncOperation(application.spec, syncRequest(application, body), call.caller.name)
      const did = describeSync(application, body)
      const started = await startOperation(call as Call, { application, operation, did }, services)
      // Its answer is what the server has said about each object.
      return body.preflightOnly ? applicationOnce(started, hasEnded, { controlPlane, signal: call.signal }) : started
    }),
    planHandler(services, (call, asked) => checkMayAsk(call, asked, services)),
    handler(applications.rollback, (call) => rollBack(call, services)),
    handler(applications.unpin, async (call) => {
      const application = find(call as Call, { ...call.query, ...call.params }, 'rollback')
      return markApplication(call as Call, { application, change: () => unpinned, did: 'lifted the pin' }, services)
    }),
    handler(applications.terminateOperation, async (call) => {
      const application = find(call as Call, { ...call.query, ...call.params }, 'sync')
      const did = 'terminated running operation'
      await markApplication(call as Call, { application, change: terminationOf, did }, services)
      return {}
    }),
  ]
}

interface Asked {
  application: Application
  body: SyncBody
}

function checkMaySync(call: Call, asked: Asked, services: Services): void {
  checkMayAsk(call, asked, services)
  const window = manualSyncRefusal(asked.application, services.stages)
  if (window) throw permissionDenied(`cannot sync: blocked by sync window: ${window}`)
}

/** Whether such a sync would be taken at some time. */
function checkMayAsk(call: Call, { application, body }: Asked, services: Services): void {
  const { controlPlane, stages } = services
  call.require(questionOf(application, 'sync', controlPlane.namespace))
  const settings = syncSettings(services)
  for (const action of syncRights(application, body, settings)) {
    call.require(questionOf(application, action, controlPlane.namespace))
  }
  checkSync(application, body, settings)
  const project = projectOf(application, stages)
  const isSigned = project && sourcesOf(application.spec).some(({ repoURL }) => signaturePolicy(project, repoURL))
  if (isLocal(body) && isSigned) throw unmet('Cannot use local manifests when source integrity is enforced')
  localManifests(body)
}

function syncSettings({ controlPlane }: Services): SyncSettings {
  const parameters = controlPlane.settings('argocd-cmd-params-cm')
  return {
    revisionNeedsOverride: controlPlane.setting('application.sync.requireOverridePrivilegeForRevisionSync') === 'true',
    replaceAllowed: parameters['server.sync.replace.allowed'] !== 'false',
  }
}

/** Ends one that has begun; one that has not is taken back. */
function terminationOf({ operation, status }: Application): object {
  const phase = status?.operationState?.phase
  if (phase === 'Running' || phase === 'Terminating') return { status: { operationState: { phase: 'Terminating' } } }
  if (operation) return { operation: null }
  throw new ApiError('InvalidArgument', 'Unable to terminate operation. No operation is in progress')
}
