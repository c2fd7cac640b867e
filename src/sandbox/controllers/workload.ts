/** The parts of built-in kinds that the controllers and nodes read and write. */
import type { KubeObject, ObjectMeta } from '../object.ts'
import type { LabelSelector } from './selector.ts'

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string | null
  lastUpdateTime?: string
  lastProbeTime?: string | null
  observedGeneration?: number
}

export type IntOrString = number | string

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  env?: { name: string; value?: string; valueFrom?: unknown }[]
  workingDir?: string
  stdin?: boolean
  restartPolicy?: string
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  [field: string]: unknown
}

export interface Volume {
  name: string
  persistentVolumeClaim?: { claimName: string }
  [field: string]: unknown
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  volumes?: Volume[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  affinity?: {
    nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector }
    [field: string]: unknown
  }
  tolerations?: Toleration[]
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
  schedulingGates?: { name: string }[]
  hostname?: string
  subdomain?: string
  hostNetwork?: boolean
  [field: string]: unknown
}

export interface NodeSelector {
  nodeSelectorTerms: { matchExpressions?: NodeRequirement[]; matchFields?: NodeRequirement[] }[]
}

export interface NodeRequirement {
  key: string
  operator: string
  values?: string[]
}

export interface Toleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
  tolerationSeconds?: number
}

export interface PodTemplate {
  metadata?: ObjectMeta
  spec: PodSpec
}

export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: {
    exitCode: number
    reason: string
    startedAt: string
    finishedAt: string
    containerID?: string
    message?: string
  }
}

export interface ContainerStatus {
  name: string
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  started?: boolean
}

export interface PodStatus {
  phase?: string
  conditions?: Condition[]
  podIP?: string
  podIPs?: { ip: string }[]
  hostIP?: string
  hostIPs?: { ip: string }[]
  startTime?: string
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
}

export interface Node extends KubeObject {
  spec?: {
    unschedulable?: boolean
    taints?: { key: string; value?: string; effect: string }[]
    [field: string]: unknown
  }
  status?: { conditions?: Condition[]; allocatable?: Record<string, string>; [field: string]: unknown }
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate }
  status?: {
    replicas?: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    terminatingReplicas?: number
    observedGeneration?: number
    conditions?: Condition[]
  }
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  terminatingReplicas?: number
  collisionCount?: number
  conditions?: Condition[]
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplate
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString } }
    minReadySeconds?: number
    revisionHistoryLimit?: number
    progressDeadlineSeconds?: number
    paused?: boolean
  }
  status?: DeploymentStatus
}

export interface ControllerRevision extends KubeObject {
  data: unknown
  revision: number
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplate
    serviceName?: string
    podManagementPolicy?: string
    minReadySeconds?: number
    revisionHistoryLimit?: number
    ordinals?: { start?: number }
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number; maxUnavailable?: IntOrString } }
    volumeClaimTemplates?: KubeObject[]
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string }
  }
  status?: { currentRevision?: string; collisionCount?: number; [field: string]: unknown }
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector
    template: PodTemplate
    minReadySeconds?: number
    revisionHistoryLimit?: number
    updateStrategy?: { type?: string; rollingUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString } }
  }
  status?: { collisionCount?: number; [field: string]: unknown }
}

export interface JobSpec {
  parallelism?: number
  completions?: number
  backoffLimit?: number
  activeDeadlineSeconds?: number
  ttlSecondsAfterFinished?: number
  completionMode?: string
  suspend?: boolean
  selector: LabelSelector
  template: PodTemplate
}

export interface JobStatus {
  conditions?: Condition[]
  startTime?: string
  completionTime?: string
  active?: number
  succeeded?: number
  failed?: number
  terminating?: number
  completedIndexes?: string
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] }
  ready?: number
}

export interface Job extends KubeObject {
  spec: JobSpec
  status?: JobStatus
}

export interface CronJob extends KubeObject {
  spec: {
    schedule: string
    timeZone?: string
    concurrencyPolicy?: string
    suspend?: boolean
    startingDeadlineSeconds?: number
    successfulJobsHistoryLimit?: number
    failedJobsHistoryLimit?: number
    jobTemplate: { metadata?: ObjectMeta; spec: JobSpec }
  }
  status?: { active?: unknown[]; lastScheduleTime?: string; lastSuccessfulTime?: string }
}

export interface Service extends KubeObject {
  spec: {
    type?: string
    selector?: Record<string, string>
    clusterIP?: string
    ports?: { name?: string; port: number; protocol?: string; targetPort?: IntOrString; appProtocol?: string }[]
    publishNotReadyAddresses?: boolean
    loadBalancerClass?: string
    loadBalancerIP?: string
    [field: string]: unknown
  }
  status?: { loadBalancer?: { ingress?: unknown[] }; [field: string]: unknown }
}
