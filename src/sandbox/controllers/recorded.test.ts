import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { KubeObject } from '../object.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import type { ResourceName } from './controller.ts'
import { events } from './event-recorder.ts'
import { comparable, type RecordedEvent, recording, sortEvents, toldOf } from './testing/recording.ts'

interface Recording {
  objects: KubeObject[]
  events: RecordedEvent[]
}

const resources: Record<string, ResourceName> = {
  ConfigMap: { group: '', version: 'v1', resource: 'configmaps' },
  ControllerRevision: { group: 'apps', version: 'v1', resource: 'controllerrevisions' },
  CronJob: { group: 'batch', version: 'v1', resource: 'cronjobs' },
  DaemonSet: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  Deployment: { group: 'apps', version: 'v1', resource: 'deployments' },
  Endpoints: { group: '', version: 'v1', resource: 'endpoints' },
  EndpointSlice: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' },
  Ingress: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  Job: { group: 'batch', version: 'v1', resource: 'jobs' },
  Namespace: { group: '', version: 'v1', resource: 'namespaces' },
  Node: { group: '', version: 'v1', resource: 'nodes' },
  PersistentVolumeClaim: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
  Pod: { group: '', version: 'v1', resource: 'pods' },
  PodDisruptionBudget: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' },
  ReplicaSet: { group: 'apps', version: 'v1', resource: 'replicasets' },
  Service: { group: '', version: 'v1', resource: 'services' },
  ServiceAccount: { group: '', version: 'v1', resource: 'serviceaccounts' },
  StatefulSet: { group: 'apps', version: 'v1', resource: 'statefulsets' },
}

let sandbox: Sandbox
beforeAll(async () => {
  // As when the recordings were made: nobody schedules or runs pods, and there is no cloud
  sandbox = await startSandbox({ nodes: 0 })
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'demo-node' } }
  sandbox.client.create(nameOf('Node'), node)
})
afterAll(() => sandbox.close())

function nameOf(kind: string): ResourceName {
  const name = resources[kind]
  if (!name) throw new Error(`no resource for ${kind}`)
  return name
}

/** What a user would send: the recorded object without what the server and the controllers added. */
function sent({ apiVersion, kind, metadata, spec }: KubeObject, namespace: string): KubeObject {
  return { apiVersion, kind, metadata: { name: metadata.name, namespace }, spec: withoutGenerated(spec) }
}

function withoutGenerated(spec: unknown): unknown {
  const { clusterIP, clusterIPs, ...rest } = spec as Record<string, unknown>
  const ports = (rest.ports as { nodePort?: number }[] | undefined)?.map(({ nodePort: _, ...port }) => port)
  return ports ? { ...rest, ports } : rest
}

const volatile = [
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
  'batch.kubernetes.io/job-name',
  'ca.crt',
  'clusterIP',
  'clusterIPs',
  'controller-uid',
  'creationTimestamp',
  'deployment.kubernetes.io/revision-history',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'job-name',
  'lastScheduleTime',
  'lastTransitionTime',
  'lastUpdateTime',
  'managedFields',
  'namespace',
  'nodePort',
  'resourceVersion',
  'startTime',
  'terminatingReplicas',
  'uid',
]

/** A label's hash stands without the name before it. */
function withoutLabelHashes<T>(value: T): T {
  const hashes = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash']
  return JSON.parse(JSON.stringify(value), (key, inner) => (hashes.includes(key) ? 'HASH' : inner)) as T
}

function plain(objects: KubeObject[]): KubeObject[] {
  const sorted = [...objects].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
  return comparable(withoutLabelHashes(sorted), volatile)
}

function found(kinds: string[], namespace: string): KubeObject[] {
  return [...new Set(kinds)].flatMap((kind) => {
    const at = kind === 'Namespace' ? {} : { namespace }
    const all = sandbox.client.list(nameOf(kind), at)
    return kind === 'Namespace' ? all.filter(({ metadata }) => metadata.name === namespace) : all
  })
}

function createNamespace(name: string): void {
  sandbox.client.create(nameOf('Namespace'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

test.each([
  'daemonset',
  'deployment',
  'ingress',
  'job',
  'persistentvolumeclaim',
  'poddisruptionbudget',
  'service-clusterip',
  'service-loadbalancer',
  'statefulset',
])('%s: objects and events are left as by the real controllers', async (name) => {
  const recorded = recording<Recording>(name)
  const [first] = recorded.objects
  if (!first) throw new Error('an empty recording')
  createNamespace(name)
  sandbox.client.create(nameOf(first.kind), { ...sent(first, name), ...userMetadata(first, name) })
  const kinds = recorded.objects.map(({ kind }) => kind)
  await vi.waitFor(() => expect(plain(found(kinds, name))).toEqual(plain(recorded.objects)), { timeout: 3000 })
  const tellers = new Set([...recorded.events.map(({ kind }) => kind), first.kind])
  const told = () => toldIn(name).filter(({ kind }) => tellers.has(kind))
  await vi.waitFor(() => expect(told()).toEqual(sortEvents(recorded.events)))
})

/** Each event once: how many pods were made is told by the objects. */
function toldIn(namespace: string): RecordedEvent[] {
  const told = toldOf(sandbox.client.list(events, { namespace }))
  return [...new Map(told.map((event) => [JSON.stringify(event), event])).values()]
}

/** The labels that a user gave, where the recording's own are not all generated. */
function userMetadata({ kind, metadata }: KubeObject, namespace: string) {
  const labels = kind === 'Job' ? { app: 'once' } : undefined
  return { metadata: { name: metadata.name, namespace, ...(labels && { labels }) } }
}

test('a fresh namespace holds what the real controllers put into it', async () => {
  const { objects } = recording<Recording>('namespace')
  createNamespace('demo-workloads')
  const kinds = objects.map(({ kind }) => kind)
  await vi.waitFor(() => expect(found(kinds, 'demo-workloads')).toHaveLength(objects.length))
  expect(plain(found(kinds, 'demo-workloads'))).toEqual(plain(objects))
})

test('an autoscaler tells that nobody serves metrics', async () => {
  const { objects, events: told } = recording<Recording>('horizontalpodautoscaler')
  const [autoscaler] = objects as [KubeObject]
  const target = recording<Recording>('deployment').objects[0] as KubeObject
  createNamespace('scaling')
  const scaled = sent(target, 'scaling')
  sandbox.client.create(nameOf('Deployment'), {
    ...scaled,
    metadata: { name: 'scaled', namespace: 'scaling' },
    spec: { ...(scaled.spec as object), replicas: 1 },
  })
  sandbox.client.create(nameOf('HorizontalPodAutoscaler'), sent(autoscaler, 'scaling'))
  await vi.waitFor(() => expect(plain(found([autoscaler.kind], 'scaling'))).toEqual(plain(objects)))
  const ofAutoscaler = () => toldIn('scaling').filter(({ kind }) => kind === autoscaler.kind)
  await vi.waitFor(() => expect(ofAutoscaler()).toEqual(sortEvents(told)))
})
