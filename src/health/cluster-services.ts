/** Health of what the cluster provides around the pods: addresses, storage, scaling, APIs. */
import type { Health, KubeObject } from '../model/index.ts'
import { type Condition, conditionOf, conditionsOf, conditionText, fieldsAt, listAt, textAt } from './status-fields.ts'

export function serviceHealth(service: KubeObject): Health {
  if (textAt(fieldsAt(service, 'spec'), 'type') !== 'LoadBalancer') return { status: 'Healthy' }
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return { status: 'Healthy' }
  return { status: 'Progressing', message: 'no load balancer has given it an address yet' }
}

export function ingressHealth(ingress: KubeObject): Health {
  if (listAt(ingress, 'status', 'loadBalancer', 'ingress').length > 0) return { status: 'Healthy' }
  const className = textAt(fieldsAt(ingress, 'spec'), 'ingressClassName')
  const controller = className ? `controller of class ${className}` : 'ingress controller'
  return { status: 'Progressing', message: `no ${controller} has given it an address yet` }
}

export function claimHealth(claim: KubeObject): Health {
  const phase = textAt(fieldsAt(claim, 'status'), 'phase')
  switch (phase) {
    case 'Bound':
      return { status: 'Healthy' }
    case 'Pending':
      return { status: 'Progressing', message: pendingClaim(claim) }
    case 'Lost':
      return { status: 'Degraded', message: `its volume ${textAt(fieldsAt(claim, 'spec'), 'volumeName')} is lost` }
    default:
      return {
        status: 'Unknown',
        message: phase ? `unknown phase ${phase}` : 'the storage controller has not seen it yet',
      }
  }
}

function pendingClaim(claim: KubeObject): string {
  const storageClass = fieldsAt(claim, 'spec').storageClassName
  if (typeof storageClass === 'string' && storageClass) return `waiting for a volume of class ${storageClass}`
  return 'waiting for a volume; no storage class is set'
}

const failedScaling: Record<string, string[]> = {
  AbleToScale: ['FailedGetScale', 'FailedUpdateScale'],
  ScalingActive: ['FailedGetResourceMetric', 'InvalidSelector'],
}

export function autoscalerHealth(autoscaler: KubeObject): Health {
  const conditions = autoscalerConditions(autoscaler)
  const failed = conditions.find(({ type, reason }) => failedScaling[type]?.includes(reason))
  if (failed) return { status: 'Degraded', message: conditionText(failed) }
  const working = conditions.find(
    ({ type, status }) => status === 'True' && (type === 'AbleToScale' || type === 'ScalingLimited'),
  )
  if (working) return { status: 'Healthy', ...(working.message && { message: working.message }) }
  return { status: 'Progressing', message: 'waiting for its first measurement' }
}

/** autoscaling/v1 keeps the conditions in an annotation. */
function autoscalerConditions(autoscaler: KubeObject): Condition[] {
  const text = autoscaler.metadata.annotations?.['autoscaling.alpha.kubernetes.io/conditions']
  if (!text) return conditionsOf(autoscaler)
  try {
    return conditionsOf({ ...autoscaler, status: { conditions: JSON.parse(text) } })
  } catch {
    return conditionsOf(autoscaler)
  }
}

export function apiServiceHealth(apiService: KubeObject): Health {
  const available = conditionOf(apiService, 'Available')
  if (!available) return { status: 'Progressing', message: 'waiting to be checked for the first time' }
  if (available.status === 'True') return { status: 'Healthy' }
  return { status: 'Progressing', message: conditionText(available) }
}

export function definitionHealth(definition: KubeObject): Health {
  const accepted = conditionOf(definition, 'NamesAccepted')
  if (accepted?.status === 'False') return { status: 'Degraded', message: conditionText(accepted) }
  const violations = conditionOf(definition, 'NonStructuralSchema')
  if (violations?.status === 'True') return { status: 'Degraded', message: conditionText(violations) }
  const established = conditionOf(definition, 'Established')
  if (established?.status === 'True') return { status: 'Healthy' }
  if (established && established.reason !== 'Installing') {
    return { status: 'Degraded', message: conditionText(established) }
  }
  return { status: 'Progressing', message: 'the API server does not serve this kind yet' }
}
