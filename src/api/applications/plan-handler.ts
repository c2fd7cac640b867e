/** What a sync or a rollback would do, for whoever may ask for it. */
import { routes } from '../../contract/index.ts'
import type { PlannedStep } from '../../contract/sync-plan-kinds.ts'
import { toldVerdict } from '../../diff/index.ts'
import type { Application, Operation } from '../../model/index.ts'
import { rollbackOperation, syncOperation } from '../../operation/index.ts'
import { type ForecastStep, forecastSync } from '../../reconcile/sync-forecast.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { findApplication, questionOf } from './find-application.ts'
import { chosenEntry } from './roll-back.ts'
import { readSync, type SyncBody, syncRequest } from './sync-request.ts'

/** `checkMayAsk` throws what forbids such a sync whenever it were asked for. */
export function planHandler(
  { controlPlane, stages }: Services,
  checkMayAsk: (call: Call, asked: { application: Application; body: SyncBody }) => void,
): Handler {
  const { plan } = routes.applications
  return handler(plan, async (call) => {
    const { id, hooks, checks, ...sent } = call.body
    const body = readSync(sent)
    const { name: username } = call.caller
    const application = findApplication(call, { ...body, ...call.params }, { controlPlane, action: 'get' })
    const operation = (): Operation => {
      if (id === undefined || id === null) {
        checkMayAsk(call as Call, { application, body })
        return syncOperation(application.spec, syncRequest(application, body), username)
      }
      call.require(questionOf(application, 'rollback', controlPlane.namespace))
      if (body.prune) call.require(questionOf(application, 'sync/prune', controlPlane.namespace))
      const request = { entry: chosenEntry(application, id), ...(body.prune && { prune: true }) }
      return rollbackOperation(application, { ...request, ...(hooks && { hooks }) }, username)
    }
    const asked = { application, operation: operation(), checks: checks === true, signal: call.signal }
    const { steps, ...forecast } = await forecastSync(asked, stages)
    return { ...forecast, steps: steps.map(plannedStep) }
  })
}

export function plannedStep({ step, resource, isThere, check }: ForecastStep): PlannedStep {
  const { group, version, kind, namespace, name } = step.target
  const told = resource && toldVerdict(resource.verdict)
  const comparison = told?.verdict ?? (step.verb === 'apply' ? (isThere ? 'changed' : 'missing') : undefined)
  const message = check && check.verdict !== 'passes' ? check.message : told?.message
  return {
    ...{ group, version, kind, namespace, name },
    verb: step.verb,
    phase: step.phase,
    wave: step.wave,
    ...(comparison && { comparison }),
    drift: told?.fields ?? [],
    ignored: told?.ignored ?? [],
    ...(step.verb === 'prune' ? step.kept && { kept: step.kept } : methodOf(step.method)),
    ...(step.verb === 'hook' && { deletePolicies: step.deletePolicies }),
    ...(check && { check: check.verdict }),
    ...(message && { message }),
  }
}

function methodOf({ replace, force }: { replace: boolean; force: boolean }) {
  return { ...(replace && { replaced: true }), ...(force && { forced: true }) }
}
