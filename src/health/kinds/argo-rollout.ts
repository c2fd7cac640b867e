/** An Argo Rollout: its phase where the controller reports one, else the state of its replicas and steps. */
import type { Health, HealthStatus, KubeObject } from '../../model/index.ts'
import { conditionOf, conditionText, fieldsAt, listAt, numberAt, textAt } from '../status-fields.ts'

const phases: Record<string, HealthStatus> = {
  Healthy: 'Healthy',
  Progressing: 'Progressing',
  Degraded: 'Degraded',
  Paused: 'Suspended',
}

function progressing(message: string): Health {
  return { status: 'Progressing', message }
}

export function rolloutHealth(rollout: KubeObject): Health {
  if (!isObserved(rollout)) return progressing('the controller has not yet acted on the latest change')
  const status = fieldsAt(rollout, 'status')
  const phase = textAt(status, 'phase')
  const message = textAt(status, 'message')
  if (phase) return { status: phases[phase] ?? 'Unknown', ...(message && { message }) }
  return trouble(rollout) ?? pause(rollout) ?? replicas(rollout) ?? steps(rollout) ?? { status: 'Healthy' }
}

/** Older controllers wrote a hash there, which says nothing. */
function isObserved({ metadata, spec, status }: KubeObject): boolean {
  if (status === undefined) return false
  const observed = Number(fieldsAt(status).observedGeneration)
  if (!Number.isNaN(observed) && observed < (metadata.generation ?? 0)) return false
  const workload = metadata.annotations?.['rollout.argoproj.io/workload-generation']
  if (fieldsAt(spec).workloadRef === undefined || metadata.annotations === undefined) return true
  return String(fieldsAt(status).workloadObservedGeneration) === String(workload)
}

function trouble(rollout: KubeObject): Health | undefined {
  const invalid = conditionOf(rollout, 'InvalidSpec')
  if (invalid) return { status: 'Degraded', message: conditionText(invalid) }
  const progress = conditionOf(rollout, 'Progressing')
  const failed = progress?.reason === 'RolloutAborted' || progress?.reason === 'ProgressDeadlineExceeded'
  return failed ? { status: 'Degraded', message: conditionText(progress) } : undefined
}

function pause(rollout: KubeObject): Health | undefined {
  const paused = listAt(rollout, 'status', 'pauseConditions').length > 0 || fieldsAt(rollout, 'spec').paused === true
  return paused ? { status: 'Suspended', message: 'the rollout is paused' } : undefined
}

function replicas(rollout: KubeObject): Health | undefined {
  const status = fieldsAt(rollout, 'status')
  if (!textAt(status, 'currentPodHash')) return progressing('the controller has not reported a state yet')
  const wanted = fieldsAt(rollout, 'spec').replicas ?? 1
  const updated = numberAt(status, 'updatedReplicas')
  const available = numberAt(status, 'availableReplicas')
  if (typeof wanted === 'number' && updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`)
  if (available < updated) return progressing(`${available} of ${updated} updated replicas are available`)
  return undefined
}

function steps(rollout: KubeObject): Health | undefined {
  const status = fieldsAt(rollout, 'status')
  const current = textAt(status, 'currentPodHash')
  const stable = textAt(status, 'stableRS') || textAt(fieldsAt(status, 'canary'), 'stableRS')
  const strategy = fieldsAt(rollout, 'spec', 'strategy')
  if (strategy.blueGreen !== undefined) {
    const active = textAt(fieldsAt(status, 'blueGreen'), 'activeSelector')
    if (active !== current) return progressing('the active service is still to be switched over')
    return stable !== '' && stable !== current ? progressing('the analysis is still to be completed') : undefined
  }
  if (strategy.canary === undefined) return undefined
  const old = numberAt(status, 'replicas') - numberAt(status, 'updatedReplicas')
  if (old > 0) return progressing(`${old} old ${old === 1 ? 'replica waits' : 'replicas wait'} to be terminated`)
  return stable === current ? undefined : progressing('the steps are still to be completed')
}
