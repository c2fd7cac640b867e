/** One state a line: kind, what its object says, health. Values with spaces are written with `~`. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../model/index.ts'
import { assessHealth } from '../assess.ts'
import { ruleTable } from './index.ts'

const families: Record<string, string> = {
  'Argo projects': `
argoproj.io/Rollout status.observedGeneration:3 status.phase:Paused status.message:CanaryPauseStep -> Suspended
argoproj.io/Rollout status.observedGeneration:3 status.phase:Healthy -> Healthy
argoproj.io/Rollout status.observedGeneration:2 status.phase:Healthy -> Progressing
argoproj.io/Rollout status.observedGeneration:3 Progressing=False/ProgressDeadlineExceeded -> Degraded
argoproj.io/Rollout status.observedGeneration:3 status.currentPodHash:abc spec.replicas:2 status.updatedReplicas:1 -> Progressing
argoproj.io/Rollout status.observedGeneration:3 status.currentPodHash:abc status.stableRS:abc spec.strategy.canary.steps:1 status.replicas:1 status.updatedReplicas:1 status.availableReplicas:1 -> Healthy
argoproj.io/AnalysisRun status.phase:Inconclusive -> Unknown
argoproj.io/AnalysisRun status.phase:Error -> Degraded
argoproj.io/Experiment status.phase:Running -> Progressing
argoproj.io/ApplicationSet ErrorOccurred=True ResourcesUpToDate=False -> Degraded
argoproj.io/ApplicationSet RolloutProgressing=True ResourcesUpToDate=True -> Progressing
argoproj.io/CronWorkflow SpecError=True -> Degraded
argoproj.io/CronWorkflow -> Healthy
argoproj.io/EventBus Deployed=True -> Healthy
argoproj.io/Sensor Deployed=False/Failed -> Degraded
promoter.argoproj.io/GitRepository Ready=Unknown -> Progressing
promoter.argoproj.io/CommitStatus Ready=True -> Healthy
numaflow.numaproj.io/Pipeline status.observedGeneration:3 status.phase:Pausing -> Healthy
numaflow.numaproj.io/Pipeline status.observedGeneration:3 status.phase:Failed status.message:no~buffer -> Degraded
numaflow.numaproj.io/Vertex status.observedGeneration:2 status.phase:Running -> Progressing
numaplane.numaproj.io/PipelineRollout status.observedGeneration:3 ChildResourcesHealthy=True -> Healthy
numaplane.numaproj.io/PipelineRollout status.observedGeneration:3 ChildResourcesHealthy=False/PipelineFailed -> Degraded
numaplane.numaproj.io/MonoVertexRollout status.observedGeneration:3 status.upgradeInProgress:Progressive -> Progressing`,
  certificates: `
cert-manager.io/Certificate Issuing=True Ready=False -> Progressing
cert-manager.io/Certificate Ready=False/Failed -> Degraded
cert-manager.io/Certificate Ready=True -> Healthy
cert-manager.io/Certificate -> Progressing
cert-manager.io/CertificateRequest Ready=False/Pending -> Progressing
cert-manager.io/CertificateRequest Denied=True -> Degraded
cert-manager.io/ClusterIssuer Ready=False/ErrRegisterACMEAccount -> Degraded
acme.cert-manager.io/Order status.state:pending -> Progressing
acme.cert-manager.io/Challenge status.state:invalid -> Degraded
trust.cert-manager.io/Bundle Synced=True -> Healthy
networking.gke.io/ManagedCertificate status.certificateStatus:Active -> Healthy`,
  Flux: `
kustomize.toolkit.fluxcd.io/Kustomization spec.suspend:true Ready=False -> Suspended
kustomize.toolkit.fluxcd.io/Kustomization Ready=Unknown/Progressing Reconciling=True -> Progressing
kustomize.toolkit.fluxcd.io/Kustomization Ready=True -> Healthy
kustomize.toolkit.fluxcd.io/Kustomization Ready=False/BuildFailed -> Degraded
kustomize.toolkit.fluxcd.io/Kustomization -> Progressing
helm.toolkit.fluxcd.io/HelmRelease Ready=True Released=True -> Healthy
helm.toolkit.fluxcd.io/HelmRelease Ready=False/InstallFailed Released=False -> Degraded
source.toolkit.fluxcd.io/GitRepository Ready=True ArtifactInStorage=True -> Healthy
source.toolkit.fluxcd.io/GitRepository Ready=False/GitOperationFailed FetchFailed=True -> Degraded
source.toolkit.fluxcd.io/HelmRepository spec.type:oci -> Healthy
image.toolkit.fluxcd.io/ImageRepository Ready=False Reconciling=True/Scanning -> Progressing
image.toolkit.fluxcd.io/ImagePolicy Ready=False/DependencyNotReady -> Degraded
notification.toolkit.fluxcd.io/Receiver Ready=True -> Healthy
fluxcd.controlplane.io/FluxInstance Ready=True -> Healthy`,
  'infrastructure as objects': `
pkg.crossplane.io/Provider Installed=True Healthy=True -> Healthy
pkg.crossplane.io/Provider Installed=True Healthy=False/UnhealthyPackageRevision -> Degraded
pkg.crossplane.io/Function Installed=True Healthy=True -> Healthy
apiextensions.crossplane.io/Composition -> Healthy
apiextensions.crossplane.io/CompositeResourceDefinition Established=True -> Healthy
s3.aws.crossplane.io/Bucket Ready=True Synced=True -> Healthy
s3.aws.crossplane.io/Bucket Ready=False Synced=False/ReconcilePaused -> Suspended
s3.aws.crossplane.io/Bucket Ready=False/Creating Synced=True -> Progressing
s3.aws.crossplane.io/Bucket Ready=False Synced=False/ReconcileError -> Degraded
ec2.aws.upbound.io/VPC Synced=True Ready=False/Creating -> Progressing
ec2.aws.upbound.io/VPC Ready=True LastAsyncOperation=False/AsyncUpdateFailure -> Degraded
ec2.aws.upbound.io/VPC Synced=True Ready=True -> Healthy
s3.services.k8s.aws/Bucket ACK.Terminal=True -> Degraded
s3.services.k8s.aws/Bucket Ready=False -> Progressing
storage.cnrm.cloud.google.com/StorageBucket Ready=True/UpToDate -> Healthy
storage.cnrm.cloud.google.com/StorageBucket Ready=False/DependencyNotReady -> Suspended
storage.cnrm.cloud.google.com/StorageBucket Ready=False/UpdateFailed -> Degraded
resources.azure.com/ResourceGroup Ready=True -> Healthy
resources.azure.com/ResourceGroup Ready=False/Reconciling -> Progressing
pulumi.com/Stack status.observedGeneration:3 Stalled=True -> Degraded
pulumi.com/Stack status.observedGeneration:2 Ready=True -> Progressing
services.cloud.sap.com/ServiceInstance Succeeded=False/CreateFailed -> Degraded
tower.ansible.com/AnsibleJob status.ansibleJobResult.status:canceled -> Degraded
trident.netapp.io/TridentBackendConfig status.phase:Bound status.lastOperationStatus:Success -> Healthy`,
  clusters: `
cluster.x-k8s.io/Cluster spec.paused:true -> Suspended
cluster.x-k8s.io/Cluster status.phase:Provisioned -> Healthy
cluster.x-k8s.io/Cluster status.phase:Provisioned Ready=False/Deleted -> Degraded
cluster.x-k8s.io/Machine status.phase:Running -> Healthy
cluster.x-k8s.io/MachineDeployment status.phase:ScalingUp -> Progressing
cluster.x-k8s.io/MachinePool status.phase:Failed -> Degraded
cluster.x-k8s.io/MachineHealthCheck status.expectedMachines:3 status.currentHealthy:2 -> Degraded
addons.cluster.x-k8s.io/ClusterResourceSet ResourcesApplied=True -> Healthy
controlplane.cluster.x-k8s.io/AWSManagedControlPlane EKSControlPlaneUpdating=True Ready=True -> Progressing
controlplane.cluster.x-k8s.io/KubeadmControlPlane Ready=True -> Healthy
infrastructure.cluster.x-k8s.io/AWSCluster status.ready:false -> Progressing
infrastructure.cluster.x-k8s.io/AWSMachineTemplate -> none
karpenter.sh/NodePool Ready=False/NodeClassNotReady -> Degraded
karpenter.sh/NodeClaim Disrupting=True Ready=True -> Suspended
karpenter.k8s.aws/EC2NodeClass Ready=True -> Healthy
core.gardener.cloud/Shoot metadata.labels.shoot*gardener*cloud/status:unhealthy -> Degraded
kubevirt.io/VirtualMachine Ready=False status.printableStatus:Stopped -> Suspended
kubevirt.io/VirtualMachineInstance status.phase:Scheduling -> Progressing
cdi.kubevirt.io/DataVolume status.phase:Succeeded -> Healthy
policy.open-cluster-management.io/Policy status.compliant:NonCompliant -> Degraded
policy.open-cluster-management.io/ConfigurationPolicy status.lastEvaluatedGeneration:2 status.compliant:Compliant -> Progressing
cluster.open-cluster-management.io/ManagedCluster ManagedClusterConditionAvailable=Unknown -> Progressing
metal3.io/BareMetalHost status.errorMessage:no~bmc -> Degraded`,
  databases: `
postgresql.cnpg.io/Cluster Ready=True status.phase:Cluster~in~healthy~state -> Healthy
postgresql.cnpg.io/Cluster Ready=False status.phase:Setting~up~primary -> Progressing
postgresql.cnpg.io/Cluster Ready=False status.phase:Failing~over -> Degraded
postgresql.cnpg.io/Cluster cnpg.io/hibernation=True status.phase:Cluster~in~healthy~state -> Suspended
postgresql.cnpg.io/Backup status.phase:failed status.error:no~space -> Degraded
postgresql.cnpg.io/ScheduledBackup spec.suspend:true -> Suspended
acid.zalan.do/postgresql status.PostgresClusterStatus:Running -> Healthy
acid.zalan.do/postgresql status.PostgresClusterStatus:SyncFailed -> Degraded
pxc.percona.com/PerconaXtraDBCluster status.state:ready -> Healthy
pxc.percona.com/PerconaXtraDBCluster status.state:error -> Degraded
psmdb.percona.com/PerconaServerMongoDB status.state:paused -> Suspended
pgv2.percona.com/PerconaPGCluster status.state:initializing -> Progressing
mongodbcommunity.mongodb.com/MongoDBCommunity status.phase:Running -> Healthy
mongodb.com/MongoDB status.phase:Failed -> Degraded
atlas.mongodb.com/AtlasDeployment Ready=True -> Healthy
db.atlasgo.io/AtlasMigration Ready=False/Reconciling -> Progressing
k8s.mariadb.com/MariaDB Ready=False/Failed -> Degraded
k8s.mariadb.com/Database Ready=True -> Healthy
app.redislabs.com/RedisEnterpriseDatabase status.status:active -> Healthy
elasticsearch.k8s.elastic.co/Elasticsearch status.availableNodes:0 status.phase:Ready status.health:green -> Healthy
elasticsearch.k8s.elastic.co/Elasticsearch status.availableNodes:0 status.phase:Ready status.health:red -> Degraded
kibana.k8s.elastic.co/Kibana status.health:green -> Healthy
beat.k8s.elastic.co/Beat status.health:yellow -> Progressing
opensearch.opster.io/OpenSearchCluster status.phase:RUNNING -> Healthy
opensearch.opster.io/OpenSearchCluster status.phase:SomethingNew -> none
opensearch.opster.io/OpenSearchCluster status.phase:SomethingNew Ready=False -> Progressing
cassandra.datastax.com/CassandraDatacenter status.cassandraOperatorProgress:Ready Ready=True -> Healthy
clickhouse.altinity.com/ClickHouseInstallation status.status:InProgress -> Progressing
zookeeper.pravega.io/ZookeeperCluster status.readyReplicas:3 status.replicas:3 -> Healthy
minio.min.io/Tenant status.currentState:Initialized -> Healthy
minio.min.io/Tenant status.currentState:Tenant~credentials~are~not~set~properly -> Degraded
mysql.oracle.com/InnoDBCluster status.cluster.status:NO_QUORUM -> Degraded
temporal.io/TemporalCluster Ready=True -> Healthy`,
  messaging: `
kafka.strimzi.io/Kafka NotReady=True/Creating -> Progressing
kafka.strimzi.io/Kafka NotReady=True/FatalProblem -> Degraded
kafka.strimzi.io/KafkaTopic Ready=True -> Healthy
kafka.strimzi.io/KafkaRebalance ProposalReady=True -> Healthy
platform.confluent.io/Kafka status.phase:RUNNING -> Healthy
platform.confluent.io/Connector status.state:CREATED status.connectorState:RUNNING -> Healthy
kafka.banzaicloud.io/KafkaCluster status.state:ClusterRollingUpgrading -> Progressing
rabbitmq.com/Queue Ready=False/FailedCreateOrUpdate -> Degraded
rabbitmq.com/Queue -> Unknown
rabbitmq.com/RabbitmqCluster ClusterAvailable=True AllReplicasReady=True ReconcileSuccess=True -> Healthy
rabbitmq.com/RabbitmqCluster ClusterAvailable=True AllReplicasReady=False ReconcileSuccess=True -> Progressing
jetstream.nats.io/Stream Ready=True -> Healthy`,
  networking: `
gateway.networking.k8s.io/Gateway Accepted=True Programmed=False/AddressNotAssigned -> Progressing
gateway.networking.k8s.io/Gateway Accepted=False/Invalid -> Degraded
gateway.networking.k8s.io/Gateway Accepted=True Programmed=True -> Healthy
gateway.networking.k8s.io/GatewayClass Accepted=True -> Healthy
gateway.networking.k8s.io/HTTPRoute -> Progressing
install.istio.io/IstioOperator status.status:HEALTHY -> Healthy
sailoperator.io/Istio Ready=False -> Degraded
projectcontour.io/HTTPProxy Valid=False/Invalid status.description:no~such~service -> Degraded
gloo.solo.io/Upstream status.state:Rejected status.reason:bad -> Degraded
gateway.solo.io/VirtualService status.state:1 -> Healthy
operator.openshift.io/IngressController Available=True Progressing=True -> Progressing
nmstate.io/NodeNetworkConfigurationPolicy Ignored=True/NoMatchingNode -> Suspended
cilium.io/CiliumNetworkPolicy Valid=False -> Degraded
cilium.io/CiliumNetworkPolicy -> none
configuration.konghq.com/KongPlugin Programmed=True -> Healthy
k8s.nginx.org/VirtualServer status.state:Invalid status.message:bad -> Degraded
microgateway.airlock.com/ContentSecurity -> Healthy`,
  serverless: `
serving.knative.dev/Service ConfigurationsReady=True RoutesReady=True Ready=True -> Healthy
serving.knative.dev/Service ConfigurationsReady=Unknown RoutesReady=True Ready=Unknown -> Progressing
serving.knative.dev/Service ConfigurationsReady=False/RevisionFailed RoutesReady=True Ready=False -> Degraded
eventing.knative.dev/Broker Ready=True -> Healthy
sources.knative.dev/PingSource Ready=False -> Degraded
operator.knative.dev/KnativeEventing Ready=True InstallSucceeded=True -> Healthy
operator.knative.dev/KnativeServing Ready=False DeploymentsAvailable=False -> Progressing
keda.sh/ScaledObject Ready=True Paused=True -> Suspended
keda.sh/ScaledObject Ready=True Fallback=True -> Degraded
keda.sh/ScaledJob Ready=Unknown -> Degraded
serving.kserve.io/InferenceService Ready=True PredictorReady=True -> Healthy
serving.kserve.io/InferenceService Stopped=True -> Suspended
openfaas.com/Function Ready=True status.replicas:0 -> Suspended
core.spinkube.dev/SpinApp Available=True Progressing=False status.readyReplicas:1 -> Healthy
camel.apache.org/Integration Ready=False/Error -> Degraded`,
  secrets: `
external-secrets.io/ExternalSecret Ready=False/SecretSyncedError -> Degraded
external-secrets.io/ExternalSecret Ready=True/SecretSynced -> Healthy
external-secrets.io/ExternalSecret -> Progressing
external-secrets.io/ClusterExternalSecret Ready=True PartiallyReady=True -> Degraded
bitnami.com/SealedSecret Synced=True -> Healthy
onepassword.com/OnePasswordItem Ready=False -> Degraded
kubernetes-client.io/ExternalSecret status.status:ERROR,~not~found -> Degraded
redhatcop.redhat.io/VaultSecret ReconcileSuccessful=True -> Healthy`,
  storage: `
ceph.rook.io/CephCluster status.ceph.health:HEALTH_WARN status.state:Created -> Degraded
ceph.rook.io/CephCluster status.ceph.health:HEALTH_OK status.state:Created -> Healthy
ceph.rook.io/CephBlockPool status.phase:Ready -> Healthy
objectbucket.io/ObjectBucketClaim status.phase:Bound -> Healthy
ocs.openshift.io/StorageCluster Available=True Progressing=True -> Progressing
noobaa.io/NooBaa status.phase:Ready -> Healthy
snapshot.storage.k8s.io/VolumeSnapshot status.readyToUse:true -> Healthy
snapshot.storage.k8s.io/VolumeSnapshot status.readyToUse:false status.error.message:quota -> Degraded
velero.io/Backup status.phase:PartiallyFailed -> Degraded
velero.io/Restore status.phase:InProgress -> Progressing
velero.io/Schedule status.phase:Enabled -> Healthy
velero.io/BackupStorageLocation status.phase:Unavailable -> Degraded
longhorn.io/Volume status.state:detached status.robustness:unknown -> Healthy
longhorn.io/Volume status.state:attached status.robustness:faulted -> Degraded
longhorn.io/BackupTarget status.available:true -> Healthy
astra.netapp.io/Backup status.state:Failed -> Degraded`,
  observability: `
monitoring.coreos.com/Prometheus Available=True Reconciled=True -> Healthy
monitoring.coreos.com/Prometheus Available=False/SomePodsNotReady -> Progressing
monitoring.coreos.com/Alertmanager Available=False/NoPodReady -> Degraded
grafana.integreatly.org/Grafana status.stage:deployment status.stageStatus:failed -> Degraded
grafana.integreatly.org/GrafanaDashboard DashboardSynchronized=False/ApplyFailed -> Degraded
loki.grafana.com/LokiStack Pending=True Ready=False -> Progressing
opentelemetry.io/OpenTelemetryCollector status.scale.statusReplicas:1/2 -> Progressing
opentelemetry.io/OpenTelemetryCollector status.scale.statusReplicas:2/2 -> Healthy
jaegertracing.io/Jaeger status.phase:Failed -> Degraded
operator.victoriametrics.com/VMCluster status.updateStatus:operational -> Healthy
datadoghq.com/DatadogMetric Valid=False -> Degraded
coralogix.com/Alert RemoteSynced=True -> Healthy
core.humio.com/HumioCluster status.state:Upgrading -> Progressing
kiali.io/Kiali Successful=True -> Healthy
lifecycle.keptn.sh/KeptnTask status.status:Failed -> Degraded
metrics.keptn.sh/KeptnMetric status.value:5 -> Healthy
k6.io/TestRun status.stage:error -> Degraded`,
  policies: `
policy/PodDisruptionBudget DisruptionAllowed=False/InsufficientPods -> Healthy
policy/PodDisruptionBudget DisruptionAllowed=False/SyncFailed -> Degraded
kyverno.io/ClusterPolicy Ready=True/Succeeded -> Healthy
kyverno.io/Policy Ready=False/Failed -> Progressing
templates.gatekeeper.sh/ConstraintTemplate status.created:true -> Healthy
policies.kubewarden.io/ClusterAdmissionPolicy status.policyStatus:active -> Healthy`,
  workloads: `
batch/CronJob spec.suspend:true -> Healthy
batch/CronJob status.lastScheduleTime:2026-01-02T00:00:00Z status.lastSuccessfulTime:2026-01-01T00:00:05Z -> Degraded
batch/CronJob status.lastScheduleTime:2026-01-02T00:00:00Z status.lastSuccessfulTime:2026-01-02T00:00:05Z -> Healthy
apps.kruise.io/CloneSet status.observedGeneration:3 spec.updateStrategy.partition:0 status.updatedAvailableReplicas:2 status.replicas:2 -> Healthy
apps.kruise.io/BroadcastJob status.phase:failed -> Degraded
rollouts.kruise.io/Rollout status.observedGeneration:3 status.phase:Progressing status.canaryStatus.currentStepState:StepPaused -> Suspended
flagger.app/Canary status.phase:Succeeded status.canaryWeight:0 -> Healthy
flagger.app/Canary status.phase:Failed -> Degraded
tekton.dev/PipelineRun Succeeded=Unknown/Running -> Progressing
tekton.dev/TaskRun Succeeded=False/TaskRunTimeout -> Degraded
operator.tekton.dev/TektonConfig Ready=True -> Healthy
sparkoperator.k8s.io/SparkApplication status.applicationState.state:SUBMISSION_FAILED -> Degraded
flink.apache.org/FlinkDeployment status.jobManagerDeploymentStatus:DEPLOYING status.reconciliationStatus.state:UPGRADING -> Progressing
kubeflow.org/PyTorchJob Succeeded=True -> Healthy
ray.io/RayCluster status.state:ready -> Healthy
batch.volcano.sh/Job status.state.phase:Pending -> Progressing
kargo.akuity.io/Promotion status.phase:Errored -> Degraded
apps.openshift.io/DeploymentConfig status.replicas:1 Available=True Progressing=True/NewReplicationControllerAvailable -> Healthy
config.openshift.io/ClusterOperator Available=True Degraded=True -> Degraded
operators.coreos.com/Subscription status.state:AtLatestKnown CatalogSourcesUnhealthy=False -> Healthy
operators.coreos.com/Subscription status.state:UpgradePending InstallPlanPending=True/RequiresApproval -> Progressing
operators.coreos.com/ClusterServiceVersion status.phase:Failed status.message:requirements~not~met -> Degraded
operators.coreos.com/InstallPlan status.phase:RequiresApproval -> Suspended
capabilities.3scale.net/Product Invalid=True -> Degraded
k8s.keycloak.org/Keycloak HasErrors=True Ready=False -> Degraded`,
  'kinds without a rule': `
example.com/Widget Ready=True -> Healthy
example.com/Widget Ready=False/Installing -> Progressing
example.com/Widget Ready=False Stalled=True/BadSpec -> Degraded
example.com/Widget Ready=True Reconciling=True -> Progressing
example.com/Widget Ready=True status.observedGeneration:2 -> Progressing
example.com/Widget Available=True -> Healthy
example.com/Widget Available=False/NoPods -> Progressing
example.com/Widget Failed=True -> Degraded
example.com/Widget Synced=False -> none
example.com/Widget status.phase:Broken -> none
example.com/Widget status.observedGeneration:2 -> none
example.com/Widget -> none`,
}

interface Case {
  line: string
  object: KubeObject
  expected: string | undefined
}

function parse(line: string): Case {
  const [said = '', expected = ''] = line.split(' -> ')
  const [type = '', ...tokens] = said.split(' ')
  const [group = '', kind = ''] = type.split('/')
  const object: KubeObject = { apiVersion: `${group}/v1`, kind, metadata: { name: 'x', generation: 3 }, spec: {} }
  for (const token of tokens) {
    const condition = /^([^:]+)=(True|False|Unknown)(?:\/(.+))?$/.exec(token)
    if (condition) addCondition(object, condition[1] ?? '', condition[2] ?? '', condition[3])
    else addField(object, token.slice(0, token.indexOf(':')), token.slice(token.indexOf(':') + 1))
  }
  return { line, object, expected: expected === 'none' ? undefined : expected }
}

function addCondition(object: KubeObject, type: string, status: string, reason: string | undefined): void {
  const holder = (object.status ?? {}) as { conditions?: object[] }
  object.status = holder
  holder.conditions = [
    ...(holder.conditions ?? []),
    { type, status, ...(reason && { reason, message: `about ${reason}` }) },
  ]
}

function addField(object: KubeObject, path: string, text: string): void {
  const names = path.split('.').map((name) => name.replaceAll('*', '.'))
  let at = object as Record<string, unknown>
  for (const name of names.slice(0, -1)) {
    const inner = at[name] ?? {}
    at[name] = inner
    at = inner as Record<string, unknown>
  }
  const value = /^(true|false|\d+)$/.test(text) ? JSON.parse(text) : text.replaceAll('~', ' ')
  at[names.at(-1) ?? ''] = value
}

for (const [family, lines] of Object.entries(families)) {
  describe(family, () => {
    test.each(lines.trim().split('\n').map(parse))('$line', ({ object, expected }) => {
      expect(assessHealth(object)?.status).toBe(expected)
    })
  })
}

describe('every rule', () => {
  const keys = Object.keys(ruleTable)

  test('there are rules for many groups', () => {
    expect(new Set(keys.map((key) => key.split('/')[0])).size).toBeGreaterThan(130)
  })

  const text = fc.constantFrom('Ready', 'Running', 'Failed', 'True', 'False', 'Unknown', '', 'x')
  const json = fc.jsonValue({ maxDepth: 3 })
  const condition = fc.record({ type: text, status: text, reason: text, message: text }, { requiredKeys: [] })
  const status = fc.option(
    fc.oneof(
      fc.dictionary(
        fc.constantFrom('phase', 'state', 'status', 'health', 'replicas', 'observedGeneration', 'ingress'),
        json,
      ),
      fc.record({ conditions: fc.array(fc.oneof(condition, json)) }),
      json,
    ),
    { nil: undefined },
  )
  const spec = fc.oneof(json, fc.constant({}))

  test('answers whatever stands in an object, and says why it is not well', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), status, spec, (key, status, spec) => {
        const [group = '', kind = ''] = key.replaceAll('*', 'Any').split('/')
        const health = assessHealth({ apiVersion: `${group}/v1`, kind, metadata: { name: 'x' }, spec, status })
        if (health)
          expect(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']).toContain(health.status)
        if (health?.message !== undefined) expect(health.message).toBeTypeOf('string')
      }),
      { numRuns: 2000 },
    )
  })
})

test('a message says what the condition says', () => {
  const { object } = parse('external-secrets.io/ExternalSecret Ready=False/SecretSyncedError -> Degraded')
  expect(assessHealth(object)).toEqual({ status: 'Degraded', message: 'SecretSyncedError: about SecretSyncedError' })
})

test('conditions of an older spec do not count', () => {
  const conditions = [{ type: 'Ready', status: 'True', observedGeneration: 1 }]
  const certificate = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'x', generation: 2 } }
  expect(assessHealth({ ...certificate, status: { conditions } })?.status).toBe('Progressing')
})

test('a route says which gateway refuses it', () => {
  const parents = [
    { parentRef: { name: 'outer' }, conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 1 }] },
    {
      parentRef: { name: 'inner' },
      conditions: [{ type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'no Service web' }],
    },
  ]
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'x', generation: 1 },
  }
  expect(assessHealth({ ...route, status: { parents } })).toEqual({
    status: 'Degraded',
    message: 'gateway inner: BackendNotFound: no Service web',
  })
})
