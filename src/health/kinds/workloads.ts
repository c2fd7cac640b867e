/** Workloads beside those of Kubernetes: OpenKruise, Flagger, Tekton, Spark, Flink, Ray, Kubeflow, OpenShift, OLM. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionsOf, fieldsAt, isObserved, listAt, numberAt, textAt } from '../status-fields.ts'
import { cronJobHealth } from './cron-job.ts'
import { cloneSetHealth, kruiseDaemonSet, kruiseStatefulSet } from './kruise.ts'
import { subscriptionHealth } from './operator-lifecycle.ts'
import {
  absent,
  always,
  asMany,
  at,
  degraded,
  either,
  has,
  healthy,
  inTurn,
  kinds,
  no,
  not,
  present,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  saying,
  suspended,
  type Test,
  told,
  unknown,
  waiting,
  words,
  yes,
} from './rule.ts'
import { sparkHealth } from './spark.ts'

const succeeds = inTurn(
  suspended(told(yes('Suspended'), saying('it is suspended'))),
  healthy(either(yes('Succeeded'), yes('Complete'), yes('Completed'))),
  degraded(either(no('Succeeded'), yes('Failed'))),
  progressing(waiting),
)

const canary = inTurn(
  unknown(told(absent('status'), saying('its controller has not reported a state yet'))),
  degraded(told(at('status.phase', 'Failed'), canaryText)),
  progressing(told(at('status.phase', 'Progressing', 'Finalising', 'Promoting'), canaryText)),
  healthy(told(at('status.phase', 'Succeeded', 'Initialized'), canaryText)),
  unknown(canaryText),
)

function canaryText(object: KubeObject): string {
  const status = fieldsAt(object, 'status')
  const weight = Number(status.canaryWeight)
  const told = conditionsOf(object).map(({ message }) => message)
  return [textAt(status, 'phase'), weight > 0 ? `${weight} % of the traffic` : '', ...told].filter(Boolean).join('; ')
}

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

const flink = rule(
  healthy(
    at('status.jobManagerDeploymentStatus', 'READY', 'MISSING'),
    either(at('status.reconciliationStatus.success', true), at('status.reconciliationStatus.state', 'DEPLOYED')),
  ),
  progressing(at('status.jobManagerDeploymentStatus', 'DEPLOYED_NOT_READY', 'DEPLOYING')),
  degraded(told(at('status.jobManagerDeploymentStatus', 'ERROR'), present('status.reconciliationStatus.error'))),
  healthy(either(at('status.reconciliationStatus.success', true), at('status.reconciliationStatus.state', 'DEPLOYED'))),
)

const gameServer: Rule = (object): Health => {
  const { currentState, desiredState } = fieldsAt(object, 'status')
  if (object.status === undefined) return { status: 'Unknown', message: 'its controller has not reported a state yet' }
  if (currentState !== desiredState)
    return { status: 'Progressing', message: `from ${currentState} to ${desiredState}` }
  const pod = listAt(object, 'status', 'podStatus', 'conditions').find(({ type }) => type === 'KruisePodReady')
  if (pod && pod.status !== 'True') return { status: 'Degraded', message: 'its pod is not ready' }
  return currentState === 'Ready' ? { status: 'Healthy' } : { status: 'Unknown', message: `it is ${currentState}` }
}

const gameServerSet: Rule = (object): Health => {
  if (object.status === undefined || !isObserved(object)) return { status: 'Progressing', message: waiting(object) }
  const rolling = fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate')
  if (rolling.paused === true) return { status: 'Suspended', message: 'the update is paused' }
  const status = fieldsAt(object, 'status')
  const [replicas, partition] = [numberAt(status, 'replicas'), numberAt(rolling, 'partition')]
  if (partition !== 0 && numberAt(status, 'updatedReplicas') >= replicas - partition) {
    return { status: 'Suspended', message: `the update waits at partition ${partition}` }
  }
  const up = numberAt(status, 'updatedReadyReplicas')
  return up === replicas
    ? { status: 'Healthy' }
    : { status: 'Progressing', message: `${up} of ${replicas} replicas are updated and ready` }
}

const kruiseRollout: Rule = (object): Health => {
  const { phase } = fieldsAt(object, 'status')
  const step = textAt(fieldsAt(object, 'status', 'canaryStatus'), 'currentStepState')
  if (!isObserved(object) || step !== 'StepPaused') {
    return step === 'Completed' && phase === 'Healthy' && isObserved(object)
      ? { status: 'Healthy' }
      : { status: 'Progressing', message: waiting(object) }
  }
  if (phase === 'Progressing') return { status: 'Suspended', message: 'the rollout waits at a step' }
  if (phase === 'Terminating' || phase === 'Disabled') return { status: 'Degraded', message: `the rollout is ${phase}` }
  return { status: 'Progressing', message: waiting(object) }
}

const spot = inTurn(
  progressing(told(absent('status.conditions'), waiting)),
  degraded(has('InvalidSpec')),
  degraded(has('Progressing', 'RolloutAborted', 'ProgressDeadlineExceeded')),
  suspended(yes('Paused')),
  progressing(at('status.phase', 'Progressing')),
  healthy(always),
)

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

export const workloadKinds: RuleTable = {
  'batch/CronJob': cronJobHealth,
  'apps.kruise.io/CloneSet': cloneSetHealth,
  'apps.kruise.io/StatefulSet': kruiseStatefulSet,
  'apps.kruise.io/DaemonSet': kruiseDaemonSet,
  'apps.kruise.io/BroadcastJob': rule(
    healthy(at('status.phase', 'completed'), asMany('status.desired', 'status.succeeded')),
    degraded(at('status.phase', 'failed')),
    suspended(at('status.phase', 'paused'), at('spec.paused', true)),
  ),
  'apps.kruise.io/AdvancedCronJob': inTurn(
    suspended(told(at('spec.paused', true), saying('it is paused')), absent('status.lastScheduleTime')),
    progressing(
      told((object) => (listAt(object, 'status', 'active').length > 0 ? '' : undefined), saying('a job is running')),
    ),
    degraded(told(absent('status.lastScheduleTime'), saying('it has never run'))),
    healthy(always),
  ),
  'rollouts.kruise.io/Rollout': kruiseRollout,
  'game.kruise.io/GameServer': gameServer,
  'game.kruise.io/GameServerSet': gameServerSet,
  'flagger.app/Canary': canary,
  'spot.io/SpotDeployment': spot,
  ...kinds('tekton.dev', 'PipelineRun TaskRun CustomRun Run', succeeds),
  'operator.tekton.dev/*': inTurn(healthy(yes('Ready')), progressing(no('Ready'))),
  ...kinds('shipwright.io', 'BuildRun', succeeds),
  ...kinds(
    'kpack.io',
    'Image Builder ClusterBuilder Build SourceResolver',
    inTurn(
      healthy(either(yes('Ready'), yes('Succeeded'))),
      degraded(either(no('Ready'), no('Succeeded'))),
      progressing(waiting),
    ),
  ),
  'sparkoperator.k8s.io/SparkApplication': sparkHealth,
  'sparkoperator.k8s.io/ScheduledSparkApplication': words('status.scheduleState', {
    Healthy: ['Scheduled'],
    Degraded: ['FailedValidation'],
  }),
  'flink.apache.org/FlinkDeployment': flink,
  'flink.apache.org/FlinkSessionJob': rule(
    degraded(told(present('status.error'), present('status.error'))),
    degraded(at('status.jobStatus.state', 'FAILED')),
    healthy(at('status.jobStatus.state', 'RUNNING', 'FINISHED')),
    suspended(at('status.jobStatus.state', 'SUSPENDED')),
  ),
  ...kinds('kubeflow.org', 'PyTorchJob TFJob MPIJob XGBoostJob PaddleJob JAXJob', succeeds),
  'trainer.kubeflow.org/TrainJob': succeeds,
  'jobset.x-k8s.io/JobSet': succeeds,
  'ray.io/RayCluster': words('status.state', {
    Healthy: ['ready'],
    Degraded: ['failed', 'unhealthy'],
    Suspended: ['suspended'],
  }),
  'ray.io/RayJob': words('status.jobDeploymentStatus', {
    Healthy: ['Complete'],
    Degraded: ['Failed'],
    Suspended: ['Suspended'],
  }),
  'ray.io/RayService': inTurn(
    healthy(either(yes('Ready'), at('status.serviceStatus', 'Running'))),
    progressing(waiting),
  ),
  'batch.volcano.sh/Job': words('status.state.phase', {
    Healthy: ['Running', 'Completed'],
    Degraded: ['Failed', 'Aborted', 'Terminated'],
  }),
  ...kinds(
    'kargo.akuity.io',
    'Promotion',
    words('status.phase', { Healthy: ['Succeeded'], Degraded: ['Failed', 'Errored', 'Aborted'] }),
  ),
  'kargo.akuity.io/Stage': inTurn(degraded(no('Healthy')), healthy(yes('Ready'))),
  'kargo.akuity.io/Warehouse': inTurn(progressing(yes('Reconciling')), degraded(no('Ready')), healthy(yes('Ready'))),
  'core.oam.dev/Application': words('status.phase', {
    Healthy: ['running'],
    Degraded: ['workflowFailed', 'workflowTerminated', 'unhealthy'],
    Suspended: ['workflowSuspending'],
  }),
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
  ...kinds('k8s.keycloak.org', 'Keycloak', rule(healthy(newestYes('Ready', 'HasErrors')), degraded(yes('HasErrors')))),
  'k8s.keycloak.org/KeycloakRealmImport': rule(degraded(yes('HasErrors')), healthy(yes('Done'))),
  'helm.cattle.io/HelmChart': inTurn(degraded(yes('Failed'))),
  'app.k8s.io/Application': ready(),
}

/** The older of the two conditions that are True decides. */
function newestYes(type: string, other: string): Test {
  return (object) => {
    const times = listAt(object, 'status', 'conditions').filter(({ status }) => status === 'True')
    const one = times.find((entry) => entry.type === type)
    const two = times.find((entry) => entry.type === other)
    if (!one) return undefined
    return !two || textAt(one, 'lastTransitionTime') <= textAt(two, 'lastTransitionTime') ? '' : undefined
  }
}
