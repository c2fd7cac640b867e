/** Which pods stand behind a Service, and where to look again when one of them changes. */
import { deepEqual } from 'fast-equals'
import type { ControllerContext } from './context.ts'
import { keyOf } from './informer.ts'
import { conditionOf, isFinished } from './pod-state.ts'
import { SelectorIndex } from './selector-index.ts'
import type { WorkQueue } from './work-queue.ts'
import type { Pod, Service } from './workload.ts'

/** What of a pod its services care for. */
function visible(pod: Pod): unknown {
  const { labels, deletionTimestamp } = pod.metadata
  const ready = conditionOf(pod.status?.conditions, 'Ready')?.status
  return [labels, deletionTimestamp, ready, pod.status?.podIP, isFinished(pod), pod.spec.nodeName]
}

/** How long changes of pods are gathered before a service's endpoints follow. */
const gatherMs = 50

/** Queues services when they or the pods behind them change. */
export function queueServices({ informers }: ControllerContext, queue: WorkQueue): void {
  const index = new SelectorIndex<Service>(({ spec }) => spec.selector && { matchLabels: spec.selector })
  informers.services.onChange((now, old) => {
    index.note(now, old)
    const service = now ?? old
    if (service) queue.add(keyOf(service))
  })
  informers.pods.onChange((now, old) => {
    if (now && old && deepEqual(visible(now), visible(old))) return
    // A pod without an address is behind no service yet
    for (const pod of [now, old])
      if (pod?.status?.podIP) for (const key of index.keysFor(pod)) queue.addAfter(key, gatherMs)
  })
}

/** The pods with an address that the service selects, by name. */
export function podsBehind({ informers }: ControllerContext, service: Service): Pod[] {
  const selector = { matchLabels: service.spec.selector ?? {} }
  return informers.pods
    .selected(service.metadata.namespace ?? '', selector)
    .filter((pod) => pod.status?.podIP && !isFinished(pod))
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
}

/** The number that a service's port means on this pod; undefined when the pod has no port of that name. */
export function targetPort(port: NonNullable<Service['spec']['ports']>[number], pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  const named = pod.spec.containers.flatMap(({ ports = [] }) => ports)
  return named.find(({ name, protocol }) => name === target && (protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
    ?.containerPort
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None'
}
