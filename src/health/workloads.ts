/** Health of the kinds that keep pods running: Deployment, ReplicaSet, StatefulSet, DaemonSet. */
import type { Health, KubeObject } from '../model/index.ts'
import { conditionOf, fieldsAt, isObserved, numberAt, textAt } from './status-fields.ts'

const healthy: Health = { status: 'Healthy' }

function progressing(message: string): Health {
  return { status: 'Progressing', message }
}

function waitingForController(object: KubeObject): Health {
  return progressing(`the ${object.kind} controller has not yet acted on the latest change`)
}

/** The field's default is 1. */
function wantedReplicas(object: KubeObject): number {
  const replicas = fieldsAt(object, 'spec').replicas
  return typeof replicas === 'number' ? replicas : 1
}

export function deploymentHealth(deployment: KubeObject): Health {
  if (fieldsAt(deployment, 'spec').paused === true) return { status: 'Suspended', message: 'the rollout is paused' }
  if (!isObserved(deployment)) return waitingForController(deployment)
  const progress = conditionOf(deployment, 'Progressing')
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return { status: 'Degraded', message: `the rollout exceeded its progress deadline: ${progress.message}` }
  }
  const status = fieldsAt(deployment, 'status')
  const wanted = wantedReplicas(deployment)
  const updated = numberAt(status, 'updatedReplicas')
  const old = numberAt(status, 'replicas') - updated
  const available = numberAt(status, 'availableReplicas')
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`)
  if (old > 0) return progressing(`${old} old ${old === 1 ? 'replica waits' : 'replicas wait'} to be terminated`)
  if (available < updated) return progressing(`${available} of ${updated} updated replicas are available`)
  return healthy
}

export function replicaSetHealth(replicaSet: KubeObject): Health {
  if (!isObserved(replicaSet)) return waitingForController(replicaSet)
  const failure = conditionOf(replicaSet, 'ReplicaFailure')
  if (failure?.status === 'True') return { status: 'Degraded', message: failure.message || failure.reason }
  const wanted = wantedReplicas(replicaSet)
  const available = numberAt(fieldsAt(replicaSet, 'status'), 'availableReplicas')
  return available < wanted ? progressing(`${available} of ${wanted} replicas are available`) : healthy
}

export function statefulSetHealth(statefulSet: KubeObject): Health {
  const status = fieldsAt(statefulSet, 'status')
  if (numberAt(status, 'observedGeneration') === 0 || !isObserved(statefulSet)) return waitingForController(statefulSet)
  const wanted = wantedReplicas(statefulSet)
  const ready = numberAt(status, 'readyReplicas')
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`)
  const strategy = fieldsAt(statefulSet, 'spec', 'updateStrategy')
  if (textAt(strategy, 'type') === 'OnDelete') return healthy
  const updated = numberAt(status, 'updatedReplicas')
  const partition = numberAt(fieldsAt(strategy, 'rollingUpdate'), 'partition')
  if (partition > 0) {
    const due = wanted - partition
    if (updated < due) return progressing(`${updated} of the ${due} replicas above the partition are updated`)
    return { status: 'Healthy', message: `rolled out down to partition ${partition}: ${updated} replicas are updated` }
  }
  if (textAt(status, 'updateRevision') !== textAt(status, 'currentRevision')) {
    return progressing(`${updated} of ${wanted} replicas are at revision ${textAt(status, 'updateRevision')}`)
  }
  return healthy
}

export function daemonSetHealth(daemonSet: KubeObject): Health {
  if (!isObserved(daemonSet)) return waitingForController(daemonSet)
  if (textAt(fieldsAt(daemonSet, 'spec', 'updateStrategy'), 'type') === 'OnDelete') return healthy
  const status = fieldsAt(daemonSet, 'status')
  const wanted = numberAt(status, 'desiredNumberScheduled')
  const updated = numberAt(status, 'updatedNumberScheduled')
  const available = numberAt(status, 'numberAvailable')
  if (updated < wanted) return progressing(`the pods of ${updated} of ${wanted} nodes are updated`)
  if (available < wanted) return progressing(`the pods of ${available} of ${wanted} nodes are available`)
  return healthy
}
