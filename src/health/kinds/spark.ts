/** A SparkApplication: its state, and while it runs whether enough executors do. */
import type { Health, HealthStatus, KubeObject } from '../../model/index.ts'
import { fieldsAt, textAt } from '../status-fields.ts'

const states: Record<string, HealthStatus> = {
  COMPLETED: 'Healthy',
  FAILED: 'Degraded',
  FAILING: 'Degraded',
  SUBMISSION_FAILED: 'Degraded',
  INVALIDATING: 'Missing',
}

export function sparkHealth(application: KubeObject): Health {
  const reported = fieldsAt(application, 'status', 'applicationState')
  const state = textAt(reported, 'state')
  if (state === 'RUNNING') return running(application)
  const status = states[state] ?? 'Progressing'
  const message = textAt(reported, 'errorMessage') || state
  return status === 'Healthy' ? { status } : { status, message: message || 'it has not been submitted yet' }
}

function running(application: KubeObject): Health {
  const executors = Object.values(fieldsAt(application, 'status', 'executorState'))
  const up = executors.filter((state) => state === 'RUNNING').length
  if (isEnough(up, application)) return { status: 'Healthy' }
  return { status: 'Progressing', message: `${up} executors are running` }
}

function isEnough(up: number, application: KubeObject): boolean {
  const spec = fieldsAt(application, 'spec')
  if (fieldsAt(application, 'status').executorState === undefined) return false
  const { instances } = fieldsAt(spec, 'executor')
  if (instances !== undefined && instances === up) return true
  const allocation = fieldsAt(spec, 'dynamicAllocation')
  if (allocation.enabled === true) return isWithin(up, allocation.minExecutors, allocation.maxExecutors)
  const conf = fieldsAt(spec, 'sparkConf')
  for (const prefix of ['spark.streaming.dynamicAllocation', 'spark.dynamicAllocation']) {
    if (conf[`${prefix}.enabled`] !== 'true') continue
    return isWithin(up, conf[`${prefix}.minExecutors`], conf[`${prefix}.maxExecutors`])
  }
  return spec.dynamicAllocation === undefined && instances === undefined && up >= 1
}

function isWithin(count: number, lowest: unknown, highest: unknown): boolean {
  return count >= Number(lowest ?? 0) && count <= Number(highest ?? Number.POSITIVE_INFINITY)
}
