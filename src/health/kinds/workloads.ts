/** Workloads beside those of Kubernetes: OpenKruise, Flagger, Tekton, Spark, Flink, Ray, Kubeflow. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionsOf, fieldsAt, isObserved, listAt, numberAt, textAt } from '../status-fields.ts'
import { cronJobHealth } from './cron-job.ts'
import { cloneSetHealth, kruiseDaemonSet, kruiseStatefulSet } from './kruise.ts'
import { openShift } from './openshift.ts'
import {
  absent,
  always,
  asMany,
  at,
  degraded,
  either,
  has,
  healthy,
  hints,
  inTurn,
  kinds,
  no,
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

export const workloadKinds: RuleTable = {
  ...openShift,
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
  'ray.io/RayCluster': hints('status.state', {
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
