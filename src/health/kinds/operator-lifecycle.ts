/** A Subscription of the Operator Lifecycle Manager: what holds its install plan up, and its state. */
import type { Health, KubeObject } from '../../model/index.ts'
import { type Condition, conditionsOf, conditionText, fieldsAt, textAt } from '../status-fields.ts'

export function subscriptionHealth(subscription: KubeObject): Health {
  const { conditions } = fieldsAt(subscription, 'status')
  if (conditions === undefined) return { status: 'Progressing', message: 'its install plan is pending' }
  const approval = waitsForApproval(subscription)
  const counted = conditionsOf(subscription).filter(({ type }) => !(approval && type === 'InstallPlanPending'))
  const state = textAt(fieldsAt(subscription, 'status'), 'state')
  const failed = counted.find(isFailure)
  if (failed) return { status: 'Degraded', message: `${failed.type}: ${conditionText(failed)}` }
  if (state === 'UpgradeFailed') return { status: 'Degraded', message: state }
  const pending = counted.find(({ type, status }) => type === 'InstallPlanPending' && status === 'True')
  const isOpen = ['', 'UpgradeAvailable', ...(approval ? [] : ['UpgradePending'])].includes(state)
  if (pending || isOpen)
    return {
      status: 'Progressing',
      message: pending
        ? conditionText(pending) || 'its install plan is pending'
        : state || 'its state is not known yet',
    }
  return approval ? { status: 'Healthy', message: 'an upgrade waits for approval' } : { status: 'Healthy' }
}

/** An upgrade that somebody has still to approve does not make what is installed ill. */
function waitsForApproval(subscription: KubeObject): boolean {
  if (fieldsAt(subscription, 'spec').installPlanApproval !== 'Manual') return false
  if (fieldsAt(subscription, 'status').installedCSV === undefined) return false
  return conditionsOf(subscription).some(
    ({ type, status, reason }) => type === 'InstallPlanPending' && status === 'True' && reason === 'RequiresApproval',
  )
}

function isFailure({ type, status, reason }: Condition): boolean {
  if (type === 'InstallPlanMissing') return reason !== 'ReferencedInstallPlanNotFound'
  return status === 'True' && ['CatalogSourcesUnhealthy', 'InstallPlanFailed', 'ResolutionFailed'].includes(type)
}
