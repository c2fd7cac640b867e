/** One object's health. */
import { finalizer, groupOf, type Health, type KubeObject } from '../model/index.ts'
import { jobHealth, workflowHealth } from './batch.ts'
import {
  apiServiceHealth,
  autoscalerHealth,
  claimHealth,
  definitionHealth,
  ingressHealth,
  serviceHealth,
} from './cluster-services.ts'
import type { CustomHealth } from './custom.ts'
import { ruleFor } from './kinds/index.ts'
import { standardHealth } from './kinds/standard.ts'
import { podHealth } from './pod.ts'
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts'

const assessors: Record<string, (object: KubeObject) => Health> = {
  '/PersistentVolumeClaim': claimHealth,
  '/Pod': podHealth,
  '/Service': serviceHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/Deployment': deploymentHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/StatefulSet': statefulSetHealth,
  'argoproj.io/Workflow': workflowHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'batch/Job': jobHealth,
  'extensions/Ingress': ingressHealth,
  'networking.k8s.io/Ingress': ingressHealth,
}

export type Assess = (object: KubeObject) => Health | undefined

/** undefined for a kind that has no health, such as a ConfigMap: it counts neither way. */
export function assessHealth(object: KubeObject, custom?: CustomHealth): Health | undefined {
  if (object.metadata.deletionTimestamp && !object.metadata.finalizers?.includes(finalizer.hook))
    return deletion(object)
  const answer = custom?.(object)
  if (answer) return answer.health
  const assess = assessors[`${groupOf(object.apiVersion)}/${object.kind}`] ?? ruleFor(object)
  return assess?.(object) ?? standardHealth(object)
}

function deletion({ metadata }: KubeObject): Health {
  const holders = metadata.finalizers ?? []
  const held = holders.length > 0 ? `; held by ${holders.join(', ')}` : ''
  return { status: 'Progressing', message: `being deleted since ${metadata.deletionTimestamp}${held}` }
}
