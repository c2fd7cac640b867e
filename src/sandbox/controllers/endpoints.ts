/** Endpoints: the older list of what stands behind a Service. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { timestamp } from './clock.ts'
import type { ControllerContext } from './context.ts'
import { splitKey } from './informer.ts'
import { isReady } from './pod-state.ts'
import { isHeadless, podsBehind, queueServices, targetPort } from './service-pods.ts'
import type { Pod, Service } from './workload.ts'

const endpoints = { group: '', version: 'v1', resource: 'endpoints' }
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
/** More addresses than these are cut off, as by the real controller. */
const capacity = 1000

interface Address {
  ip: string
  nodeName?: string
  targetRef: { kind: 'Pod'; namespace?: string; name?: string; uid?: string }
}

interface Subset {
  addresses?: Address[]
  notReadyAddresses?: Address[]
  ports: { name?: string; port: number; protocol: string }[]
}

function addressOf({ metadata, spec, status }: Pod): Address {
  const { namespace, name, uid } = metadata
  return {
    ip: status?.podIP ?? '',
    ...(spec.nodeName && { nodeName: spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
}

function portsOf({ spec }: Service, pod: Pod): Subset['ports'] {
  return (spec.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod)
    if (number === undefined) return []
    return [{ ...(port.name && { name: port.name }), port: number, protocol: port.protocol ?? 'TCP' }]
  })
}

function subsetsOf(service: Service, pods: Pod[]): Subset[] {
  const byPorts = new Map<string, Subset & { addresses: Address[]; notReadyAddresses: Address[] }>()
  for (const pod of pods.slice(0, capacity).filter(({ metadata }) => !metadata.deletionTimestamp)) {
    const ports = portsOf(service, pod)
    if (ports.length === 0 && !isHeadless(service)) continue
    const key = JSON.stringify(ports)
    const subset = byPorts.get(key) ?? { addresses: [], notReadyAddresses: [], ports }
    byPorts.set(key, subset)
    const shown = isReady(pod) || service.spec.publishNotReadyAddresses
    subset[shown ? 'addresses' : 'notReadyAddresses'].push(addressOf(pod))
  }
  return [...byPorts.values()].map(({ addresses, notReadyAddresses, ports }) => ({
    ...(addresses.length > 0 && { addresses }),
    ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
    ports,
  }))
}

function labelsOf(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(isHeadless(service) && { 'service.kubernetes.io/headless': '' }),
  }
}

export function startEndpoints(context: ControllerContext): void {
  const { client, clock, informers } = context

  function write(service: Service, old: KubeObject | undefined): void {
    const { namespace, name } = service.metadata
    const subsets = subsetsOf(service, podsBehind(context, service))
    const labels = labelsOf(service)
    if (old && deepEqual(old.subsets ?? [], subsets) && deepEqual(old.metadata.labels, labels)) return
    const annotations = { ...old?.metadata.annotations, [triggerAnnotation]: timestamp(clock.now()) }
    const { subsets: _, ...rest }: Partial<KubeObject> = old ?? {}
    const object: KubeObject = {
      ...rest,
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { ...old?.metadata, name, namespace, labels, annotations },
      ...(subsets.length > 0 && { subsets }),
    }
    if (old) client.update(endpoints, object)
    else client.create(endpoints, object)
  }

  const queue = context.queues.queue((key) => {
    const [namespace, name] = splitKey(key)
    const service = informers.services.get(namespace, name)
    const old = client.get({ ...endpoints, namespace, name })
    if (service?.spec.selector && service.spec.type !== 'ExternalName') write(service, old)
    else if (!service && old?.metadata.labels?.['endpoints.kubernetes.io/managed-by']) {
      client.delete({ ...endpoints, namespace, name })
    }
  })
  queueServices(context, queue)
}
