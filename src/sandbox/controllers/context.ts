/** What every controller is given: the client, the indexes over what it watches, the clock, queues and events. */
import type { KubeObject } from '../object.ts'
import type { Clock } from './clock.ts'
import type { ControllerClient, Reference, ResourceName } from './controller.ts'
import type { EventRecorder } from './event-recorder.ts'
import { type Informer, startInformer } from './informer.ts'
import type { WorkQueues } from './work-queue.ts'
import type {
  ControllerRevision,
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  Node,
  Pod,
  ReplicaSet,
  Service,
  StatefulSet,
} from './workload.ts'

export interface ControllerContext {
  client: ControllerClient
  clock: Clock
  queues: WorkQueues
  events: EventRecorder
  informers: Informers
}

/** The resources that more than one controller watches are indexed once. */
export interface Informers {
  pods: Informer<Pod>
  nodes: Informer<Node>
  replicaSets: Informer<ReplicaSet>
  deployments: Informer<Deployment>
  statefulSets: Informer<StatefulSet>
  daemonSets: Informer<DaemonSet>
  controllerRevisions: Informer<ControllerRevision>
  jobs: Informer<Job>
  cronJobs: Informer<CronJob>
  services: Informer<Service>
  claims: Informer<KubeObject>
  volumes: Informer<KubeObject>
}

function core(resource: string): ResourceName {
  return { group: '', version: 'v1', resource }
}

function apps(resource: string): ResourceName {
  return { group: 'apps', version: 'v1', resource }
}

export function startInformers(client: ControllerClient): Informers {
  return {
    pods: startInformer(client, core('pods')),
    nodes: startInformer(client, core('nodes')),
    replicaSets: startInformer(client, apps('replicasets')),
    deployments: startInformer(client, apps('deployments')),
    statefulSets: startInformer(client, apps('statefulsets')),
    daemonSets: startInformer(client, apps('daemonsets')),
    controllerRevisions: startInformer(client, apps('controllerrevisions')),
    jobs: startInformer(client, { group: 'batch', version: 'v1', resource: 'jobs' }),
    cronJobs: startInformer(client, { group: 'batch', version: 'v1', resource: 'cronjobs' }),
    services: startInformer(client, core('services')),
    claims: startInformer(client, core('persistentvolumeclaims')),
    volumes: startInformer(client, core('persistentvolumes')),
  }
}

export function referenceTo(resource: ResourceName, object: KubeObject): Reference {
  return { ...resource, namespace: object.metadata.namespace, name: object.metadata.name ?? '' }
}
