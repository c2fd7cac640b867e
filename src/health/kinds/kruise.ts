/** OpenKruise's workloads: those of Kubernetes, with updates that can be paused or stopped half-way. */
import type { Health, KubeObject } from '../../model/index.ts'
import { fieldsAt, numberAt } from '../status-fields.ts'
import { waiting } from './rule.ts'

function isCurrent({ metadata, status }: KubeObject): boolean {
  return status !== undefined && fieldsAt({ status }, 'status').observedGeneration === metadata.generation
}

function suspended(message: string): Health {
  return { status: 'Suspended', message }
}

/** A partition holds an update back; the first version has nothing to hold back. */
function heldAt(partition: unknown, { metadata }: KubeObject): boolean {
  return partition !== 0 && (metadata.generation ?? 0) > 1
}

export function cloneSetHealth(set: KubeObject): Health {
  const status = fieldsAt(set, 'status')
  if (!isCurrent(set)) return { status: 'Progressing', message: waiting(set) }
  const strategy = fieldsAt(set, 'spec', 'updateStrategy')
  const available = status.updatedAvailableReplicas
  if (strategy.paused === true || available === undefined) return suspended('the update is paused')
  if (heldAt(strategy.partition, set)) {
    const isThere = numberAt(status, 'updatedReplicas') >= numberAt(status, 'expectedUpdatedReplicas')
    if (isThere) return suspended(`the update waits at partition ${strategy.partition}`)
  } else if (available === status.replicas) return { status: 'Healthy' }
  if (available === status.replicas) return { status: 'Progressing', message: waiting(set) }
  return { status: 'Degraded', message: `${available} of ${status.replicas} replicas are updated and available` }
}

export function kruiseStatefulSet(set: KubeObject): Health {
  const status = fieldsAt(set, 'status')
  if (!isCurrent(set)) return { status: 'Progressing', message: waiting(set) }
  const rolling = fieldsAt(set, 'spec', 'updateStrategy', 'rollingUpdate')
  const available = status.updatedAvailableReplicas
  if (rolling.paused === true || available === undefined) return suspended('the update is paused')
  if (heldAt(rolling.partition, set)) {
    const due = numberAt(status, 'replicas') - numberAt(rolling, 'partition')
    if (numberAt(status, 'updatedReplicas') > due)
      return suspended(`the update waits at partition ${rolling.partition}`)
  } else if (available === status.replicas) return { status: 'Healthy' }
  if (available === status.replicas) return { status: 'Progressing', message: waiting(set) }
  return { status: 'Degraded', message: `${available} of ${status.replicas} replicas are updated and available` }
}

export function kruiseDaemonSet(set: KubeObject): Health {
  const status = fieldsAt(set, 'status')
  if (!isCurrent(set)) return { status: 'Progressing', message: waiting(set) }
  const rolling = fieldsAt(set, 'spec', 'updateStrategy', 'rollingUpdate')
  const [updated, wanted] = [status.updatedNumberScheduled, numberAt(status, 'desiredNumberScheduled')]
  if (rolling.paused === true || typeof updated !== 'number') return suspended('the update is paused')
  const partition = numberAt(rolling, 'partition')
  if (partition !== 0 && (set.metadata.generation ?? 0) > 1) {
    if (updated > wanted - partition) return suspended(`the update waits at partition ${partition}`)
  } else if (updated === wanted && status.numberAvailable === wanted) return { status: 'Healthy' }
  const message = `the pods of ${numberAt(status, 'numberAvailable')} of ${wanted} nodes are available`
  if (updated === wanted && status.numberUnavailable === wanted) return { status: 'Degraded', message }
  return { status: 'Progressing', message }
}
