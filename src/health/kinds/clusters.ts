/** Clusters and machines: Cluster API, Karpenter, Gardener, KubeVirt, Open Cluster Management, Karmada. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionOf, conditionText, fieldsAt, listAt, textAt } from '../status-fields.ts'
import {
  absent,
  asMany,
  at,
  degraded,
  either,
  healthy,
  hints,
  inTurn,
  kinds,
  no,
  not,
  notYes,
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

const pausedSpec = suspended(told(at('spec.paused', true), saying('it is paused')))

/** What is only informative does not make a cluster ill. */
const readyFault: Test = (object) => {
  const found = listAt(object, 'status', 'conditions').find(
    ({ type, status }) => type === 'Ready' && status === 'False',
  )
  return found && found.severity !== 'Info'
    ? conditionText({ reason: textAt(found, 'reason'), message: textAt(found, 'message') })
    : undefined
}

const conditionError: Test = (object) => {
  const found = listAt(object, 'status', 'conditions').find(
    ({ severity, status }) => severity === 'Error' && status === 'False',
  )
  return found && conditionText({ reason: textAt(found, 'reason'), message: textAt(found, 'message') })
}

const failureMessage = told(present('status.failureMessage'), present('status.failureMessage'))

const capiClusters: RuleTable = {
  'cluster.x-k8s.io/Cluster': rule(
    pausedSpec,
    degraded(readyFault),
    degraded(told(at('status.phase', 'Failed'), waiting)),
    healthy(at('status.phase', 'Provisioned')),
  ),
  'cluster.x-k8s.io/Machine': rule(
    healthy(at('status.phase', 'Running')),
    degraded(told(at('status.phase', 'Failed'), waiting)),
  ),
  'cluster.x-k8s.io/MachineDeployment': rule(
    pausedSpec,
    healthy(at('status.phase', 'Running')),
    degraded(told(at('status.phase', 'Failed'), waiting)),
  ),
  'cluster.x-k8s.io/MachinePool': rule(
    healthy(at('status.phase', 'Running', 'Scaling')),
    degraded(told(at('status.phase', 'Failed', 'Unknown'), waiting)),
  ),
  'cluster.x-k8s.io/MachineHealthCheck': rule(
    progressing(told(absent('status.currentHealthy'), waiting)),
    healthy(asMany('status.expectedMachines', 'status.currentHealthy')),
    degraded(healthyMachines),
  ),
  'addons.cluster.x-k8s.io/ClusterResourceSet': ready('ResourcesApplied'),
  'addons.cluster.x-k8s.io/HelmChartProxy': ready(),
  'controlplane.cluster.x-k8s.io/AWSManagedControlPlane': rule(
    degraded(failureMessage),
    progressing(told(yes('EKSControlPlaneUpdating'), saying('the control plane is being updated'))),
    healthy(yes('Ready')),
    degraded(conditionError),
  ),
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane': rule(
    degraded(failureMessage),
    degraded(conditionError),
    healthy(either(yes('Ready'), yes('Available'))),
  ),
  'controlplane.cluster.x-k8s.io/*': rule(degraded(failureMessage), degraded(conditionError), healthy(yes('Ready'))),
  // Some of its kinds are templates, which have nothing to report.
  'infrastructure.cluster.x-k8s.io/*': inTurn(
    degraded(failureMessage),
    degraded(conditionError),
    healthy(either(yes('Ready'), at('status.ready', true))),
    progressing(either(notYes('Ready'), at('status.ready', false))),
  ),
}

function healthyMachines(object: KubeObject): string {
  const { currentHealthy, expectedMachines } = fieldsAt(object, 'status')
  return `${currentHealthy} of ${expectedMachines} machines are healthy`
}

const binding: Rule = (object): Health => {
  const all = listAt(object, 'status', 'aggregatedStatus')
  const clusters = fieldsAt(object, 'spec').clusters
  const wanted = Array.isArray(clusters) ? clusters.length : object.kind === 'ResourceBinding' ? undefined : 0
  if (wanted === 0 || all.length === 0 || (wanted !== undefined && wanted !== all.length)) {
    return { status: 'Progressing', message: `${all.length} of ${wanted ?? 'the'} clusters have reported` }
  }
  const bad = all.find(({ health, applied }) => health === 'Unhealthy' || (health === 'Unknown' && applied !== true))
  if (!bad) return { status: 'Healthy' }
  const why = textAt(bad, 'appliedMessage')
  return { status: 'Degraded', message: `unhealthy in cluster ${textAt(bad, 'clusterName')}${why ? `: ${why}` : ''}` }
}

const disrupted = conditionHolds('Disrupting')

function conditionHolds(type: string): Test {
  return (object) => {
    const found = conditionOf(object, type)
    return found?.status === 'True' ? conditionText(found) || type : undefined
  }
}

const policy: RuleTable = {
  'policy.open-cluster-management.io/Policy': rule(
    healthy(at('spec.disabled', true)),
    healthy(absent('status.compliant'), absent('status.status'), placed),
    healthy(at('status.compliant', 'Compliant')),
    degraded(told(present('status.compliant'), nonCompliant)),
  ),
  'policy.open-cluster-management.io/CertificatePolicy': rule(
    healthy(at('status.compliant', 'Compliant')),
    degraded(present('status.compliant')),
  ),
  'policy.open-cluster-management.io/ConfigurationPolicy': rule(
    progressing(told(not(asMany('metadata.generation', 'status.lastEvaluatedGeneration')), waiting)),
    healthy(at('status.compliant', 'Compliant')),
    degraded(at('status.compliant', 'NonCompliant')),
  ),
  'policy.open-cluster-management.io/OperatorPolicy': ready('Compliant'),
}

function placed(object: KubeObject): string | undefined {
  return listAt(object, 'status', 'placement').length > 0 ? '' : undefined
}

function nonCompliant(object: KubeObject): string {
  const clusters = listAt(object, 'status', 'status').filter(({ compliant }) => compliant !== 'Compliant')
  const names = clusters.map((entry) => textAt(entry, 'clustername'))
  return names.length > 0 ? `not compliant: ${names.join(', ')}` : 'not compliant'
}

const vmReady: Rule = rule(
  suspended(told(yes('Paused'), saying('it is paused'))),
  healthy(yes('Ready')),
  progressing(told(at('status.created', true), saying('it is starting'))),
  suspended(told(no('Ready'), saying('it is stopped'))),
)

const shootState: Rule = ({ metadata }) => {
  const state = metadata.labels?.['shoot.gardener.cloud/status']
  const statuses = {
    healthy: 'Healthy',
    progressing: 'Progressing',
    unhealthy: 'Degraded',
    unknown: 'Unknown',
  } as const
  const status = statuses[state as keyof typeof statuses] ?? 'Progressing'
  return status === 'Healthy' ? { status } : { status, message: `the cluster is ${state ?? 'not assessed yet'}` }
}

export const clusters: RuleTable = {
  ...capiClusters,
  'karpenter.sh/NodePool': ready(),
  'karpenter.sh/NodeClaim': rule(suspended(disrupted), healthy(yes('Ready')), degraded(no('Ready'))),
  'karpenter.k8s.aws/EC2NodeClass': ready(),
  'core.gardener.cloud/Shoot': shootState,
  'kubevirt.io/VirtualMachine': vmReady,
  'kubevirt.io/VirtualMachineInstance': rule(
    suspended(yes('Paused')),
    degraded(at('status.phase', 'Failed')),
    suspended(told(at('status.phase', 'Succeeded'), saying('it has ended'))),
    progressing(at('status.phase', 'Pending', 'Scheduling', 'Scheduled')),
    unknown(at('status.phase', 'Unknown')),
    healthy(yes('Ready')),
    degraded(no('Ready')),
  ),
  'kubevirt.io/KubeVirt': words('status.phase', { Healthy: ['Deployed'], Degraded: ['Error'] }),
  'cdi.kubevirt.io/DataVolume': rule(
    degraded(no('Running', 'Error')),
    healthy(at('status.phase', 'Succeeded')),
    degraded(at('status.phase', 'Failed', 'Unknown')),
    suspended(at('status.phase', 'Paused')),
  ),
  ...policy,
  'cluster.open-cluster-management.io/ManagedCluster': rule(
    degraded(no('HubAcceptedManagedCluster')),
    healthy(yes('ManagedClusterConditionAvailable')),
    degraded(no('ManagedClusterConditionAvailable')),
  ),
  ...kinds('work.karmada.io', 'ResourceBinding ClusterResourceBinding', binding),
  'cluster.karmada.io/Cluster': ready(),
  'metal3.io/BareMetalHost': inTurn(
    degraded(present('status.errorMessage')),
    healthy(at('status.provisioning.state', 'provisioned', 'available', 'unmanaged', 'externally provisioned')),
  ),
  'hive.openshift.io/ClusterDeployment': inTurn(degraded(yes('ProvisionFailed')), healthy(at('spec.installed', true))),
  'kamaji.clastix.io/TenantControlPlane': hints('status.kubernetesResources.version.status', { Healthy: ['Ready'] }),
}
