/** EndpointSlices: what stands behind a Service, a hundred to a slice. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { timestamp } from './clock.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { keyOf, splitKey, startInformer } from './informer.ts'
import { controllerOf, ownerReference } from './owner.ts'
import { isReady } from './pod-state.ts'
import { isHeadless, podsBehind, queueServices, targetPort } from './service-pods.ts'
import type { Pod, Service } from './workload.ts'

const slices = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }
const manager = 'endpointslice-controller.k8s.io'
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
const perSlice = 100

interface SliceContent {
  endpoints: object[] | null
  ports: object[] | null
}

function endpointOf(service: Service, pod: Pod): object {
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = isReady(pod)
  const { namespace, name, uid } = pod.metadata
  return {
    addresses: [pod.status?.podIP],
    conditions: {
      ready: service.spec.publishNotReadyAddresses ? true : serving && !terminating,
      serving,
      terminating,
    },
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
  }
}

function portsOf({ spec }: Service, pod: Pod): object[] {
  return (spec.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod)
    if (number === undefined) return []
    const { appProtocol } = port
    return [
      { name: port.name ?? '', protocol: port.protocol ?? 'TCP', port: number, ...(appProtocol && { appProtocol }) },
    ]
  })
}

function contentsOf(service: Service, pods: Pod[]): SliceContent[] {
  const byPorts = new Map<string, { ports: object[]; endpoints: object[] }>()
  for (const pod of pods) {
    const ports = portsOf(service, pod)
    const key = JSON.stringify(ports)
    const group = byPorts.get(key) ?? { ports, endpoints: [] }
    byPorts.set(key, group)
    group.endpoints.push(endpointOf(service, pod))
  }
  const contents = [...byPorts.values()].flatMap(({ ports, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / perSlice) }, (_, index) => ({
      ports,
      endpoints: endpoints.slice(index * perSlice, (index + 1) * perSlice),
    })),
  )
  return contents.length > 0 ? contents : [{ endpoints: null, ports: null }]
}

function labelsOf(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    'endpointslice.kubernetes.io/managed-by': manager,
    'kubernetes.io/service-name': service.metadata.name ?? '',
    ...(isHeadless(service) && { 'service.kubernetes.io/headless': '' }),
  }
}

function isSame(old: KubeObject, content: SliceContent): boolean {
  return deepEqual(old.endpoints ?? null, content.endpoints) && deepEqual(old.ports ?? null, content.ports)
}

export function startEndpointSlices(context: ControllerContext): () => void {
  const { client, clock, informers } = context
  const known = startInformer(client, slices)

  function create(service: Service, content: SliceContent): void {
    const { namespace, name } = service.metadata
    const metadata = {
      generateName: `${name}-`,
      namespace,
      labels: labelsOf(service),
      annotations: { [triggerAnnotation]: timestamp(clock.now()) },
      ownerReferences: [ownerReference(service)],
    }
    const object = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      ...content,
    }
    client.create(slices, object)
  }

  function update(service: Service, old: KubeObject, content: SliceContent): void {
    const labels = labelsOf(service)
    if (isSame(old, content) && deepEqual(old.metadata.labels, labels)) return
    const annotations = { ...old.metadata.annotations, [triggerAnnotation]: timestamp(clock.now()) }
    client.update(slices, { ...old, metadata: { ...old.metadata, labels, annotations }, ...content })
  }

  const queue = context.queues.queue((key) => {
    const service = informers.services.get(...splitKey(key))
    if (!service?.spec.selector || service.spec.type === 'ExternalName' || service.metadata.deletionTimestamp) return
    const old = known.ownedBy(service.metadata.uid ?? '').sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const contents = contentsOf(service, podsBehind(context, service))
    for (const [index, content] of contents.entries()) {
      const slice = old[index]
      if (slice) update(service, slice, content)
      else create(service, content)
    }
    for (const slice of old.slice(contents.length)) client.delete(referenceTo(slices, slice))
  })
  queueServices(context, queue)
  known.onChange((now, old) => {
    const owner = !now && old && controllerOf(old)
    if (owner) queue.add(`${old.metadata.namespace}/${owner.name}`)
  })
  return known.stop
}
