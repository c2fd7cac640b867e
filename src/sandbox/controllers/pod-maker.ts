/** Pods made from a template, and taken away, with the events that tell of it. */
import type { KubeObject, ObjectMeta } from '../object.ts'
import { StatusError } from '../status.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { ownerReference } from './owner.ts'
import { isFinal } from './work-queue.ts'
import type { Pod, PodSpec, PodTemplate } from './workload.ts'

const pods = { group: '', version: 'v1', resource: 'pods' }

export interface PodOrder {
  owner: KubeObject
  template: PodTemplate
  /** Which controller tells of it: `replicaset-controller`. */
  component: string
  metadata?: ObjectMeta
  spec?: Partial<PodSpec>
}

function podOf({ owner, template, metadata, spec }: PodOrder): KubeObject {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      ...(finalizers && { finalizers }),
      ...metadata,
      ...((labels || metadata?.labels) && { labels: { ...labels, ...metadata?.labels } }),
      ...((annotations || metadata?.annotations) && { annotations: { ...annotations, ...metadata?.annotations } }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...template.spec, ...spec },
  }
}

/** Tells why a pod could not be made, unless it is only that the namespace is going; throws on, to be tried again. */
export function createPod({ client, events }: ControllerContext, order: PodOrder): Pod {
  try {
    const pod = client.create(pods, podOf(order)) as Pod
    const message = `Created pod: ${pod.metadata.name}`
    events.record(order.component, order.owner, { reason: 'SuccessfulCreate', message })
    return pod
  } catch (error) {
    if (error instanceof StatusError && !isFinal(error)) {
      const message = `Error creating: ${error.message}`
      events.record(order.component, order.owner, { type: 'Warning', reason: 'FailedCreate', message })
    }
    throw error
  }
}

export function deletePod({ client, events }: ControllerContext, pod: Pod, by: Pick<PodOrder, 'owner' | 'component'>) {
  client.delete(referenceTo(pods, pod))
  events.record(by.component, by.owner, { reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` })
}
