/** OpenShift, the Operator Lifecycle Manager, 3scale. */
import type { Health } from '../../model/index.ts'
import { conditionsOf, fieldsAt } from '../status-fields.ts'
import { subscriptionHealth } from './operator-lifecycle.ts'
import {
  at,
  degraded,
  either,
  has,
  healthy,
  inTurn,
  kinds,
  no,
  not,
  progressing,
  type Rule,
  type RuleTable,
  rule,
  saying,
  suspended,
  type Test,
  told,
  waiting,
  words,
  yes,
} from './rule.ts'

/** Two conditions, both of which have to hold. */
const deploymentConfig: Rule = (object): Health => {
  const status = fieldsAt(object, 'status')
  if (status.conditions === undefined || status.replicas === undefined)
    return { status: 'Progressing', message: waiting(object) }
  const met = conditionsOf(object).filter(
    ({ type, status: value, reason }) =>
      value === 'True' &&
      (type === 'Available' || (type === 'Progressing' && reason === 'NewReplicationControllerAvailable')),
  )
  if (met.length === 2 || status.replicas === 0) return { status: 'Healthy' }
  return { status: met.length === 1 ? 'Progressing' : 'Degraded', message: waiting(object) }
}

const threescale = (well: string) =>
  rule(
    healthy(yes(well)),
    degraded(either(yes('Invalid'), yes('Orphan'), yes('Failed'))),
    suspended(yes('Waiting')),
    progressing(yes('In-progress')),
  )

const positive =
  (path: string): Test =>
  (object) => {
    const value = path.split('.').reduce<unknown>((fields, name) => fieldsAt({ fields }, 'fields')[name], object)
    return typeof value === 'number' && value > 0 ? '' : undefined
  }

const apiManager: Rule = (object): Health => {
  const { ready, starting, stopped } = fieldsAt(object, 'status', 'deployments')
  const open = starting !== undefined || stopped !== undefined
  if (fieldsAt(object, 'status').deployments !== undefined) {
    if (ready !== undefined && !open) return { status: 'Healthy' }
    return { status: 'Progressing', message: 'not all of its deployments are ready' }
  }
  const available = conditionsOf(object).find(({ type }) => type === 'Available')
  if (available?.status === 'True') return { status: 'Healthy' }
  if (available?.reason) return { status: 'Degraded', message: available.reason }
  return { status: 'Progressing', message: waiting(object) }
}

export const openShift: RuleTable = {
  'apps.openshift.io/DeploymentConfig': deploymentConfig,
  'build.openshift.io/Build': words('status.phase', {
    Healthy: ['Complete'],
    Degraded: ['Failed', 'Error', 'Cancelled'],
  }),
  'config.openshift.io/ClusterOperator': rule(
    degraded(yes('Degraded')),
    degraded(no('Available')),
    progressing(yes('Progressing')),
    healthy(yes('Available')),
  ),
  'machineconfiguration.openshift.io/MachineConfigPool': rule(
    suspended(told(at('spec.paused', true), saying('it is paused'))),
    degraded(yes('Degraded')),
    progressing(yes('Updating')),
    healthy(yes('Updated')),
  ),
  'operators.coreos.com/Subscription': subscriptionHealth,
  'operators.coreos.com/ClusterServiceVersion': words('status.phase', {
    Healthy: ['Succeeded'],
    Degraded: ['Failed', 'Unknown'],
  }),
  'operators.coreos.com/InstallPlan': words('status.phase', {
    Healthy: ['Complete'],
    Degraded: ['Failed'],
    Suspended: ['RequiresApproval'],
  }),
  'operators.coreos.com/CatalogSource': inTurn(
    healthy(at('status.connectionState.lastObservedState', 'READY')),
    degraded(at('status.connectionState.lastObservedState', 'TRANSIENT_FAILURE')),
    progressing(waiting),
  ),
  'olm.operatorframework.io/ClusterExtension': inTurn(
    degraded(no('Progressing', 'Blocked')),
    healthy(yes('Installed')),
    progressing(waiting),
  ),
  'olm.operatorframework.io/ClusterCatalog': inTurn(
    degraded(no('Progressing', 'Blocked')),
    healthy(yes('Serving')),
    progressing(waiting),
  ),
  'apps.3scale.net/APIManager': apiManager,
  ...kinds(
    'capabilities.3scale.net',
    'ActiveDoc ApplicationAuth CustomPolicyDefinition DeveloperAccount OpenAPI ProxyConfigPromote',
    threescale('Ready'),
  ),
  ...kinds('capabilities.3scale.net', 'Backend Product', threescale('Synced')),
  'capabilities.3scale.net/DeveloperUser': rule(
    suspended(told(at('status.developerUserState', 'suspended'), saying('it waits for approval'))),
    healthy(yes('Ready')),
    degraded(either(yes('Invalid'), yes('Orphan'), yes('Failed'))),
  ),
  'capabilities.3scale.net/Application': rule(
    suspended(told(at('status.state', 'suspended'), saying('it is suspended'))),
    healthy(yes('Ready')),
    degraded(has('Ready'), not(positive('status.adminId'))),
  ),
  'capabilities.3scale.net/Tenant': rule(
    healthy(yes('Ready'), positive('status.tenantId'), positive('status.adminId')),
    degraded(either(no('Ready'), told(has('Ready', 'never'), waiting))),
  ),
}
