/** The scale subresource of built-in workloads: a Scale made of the object, and the object with a Scale's replicas. */

import { invalid } from '../invalid.ts'
import type { KubeObject } from '../object.ts'
import { type FieldFault, StatusError } from '../status.ts'
import { nonNegative } from './fault.ts'
import { child, fields, isFields, number } from './fields.ts'
import { formatLabels, formatSelector } from './label-selector.ts'

/** The autoscaling/v1 Scale of a Deployment, ReplicaSet, StatefulSet or ReplicationController. */
export function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const { replicas, selector } = fields(object.spec)
  const wanted = number(replicas) ?? 0
  const plain = isFields(selector) && !('matchLabels' in selector) && !('matchExpressions' in selector)
  const told = plain ? formatLabels(selector) : formatSelector(selector)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: wanted === 0 ? {} : { replicas: wanted },
    status: { replicas: number(fields(object.status).replicas) ?? 0, ...(told === '' ? {} : { selector: told }) },
  }
}

/** A copy of the object with the Scale's replicas; throws a 422 or a 409 StatusError. */
export function withScale(object: KubeObject, scale: KubeObject): KubeObject {
  const replicas = number(fields(scale.spec).replicas) ?? 0
  const faults: FieldFault[] = nonNegative('spec.replicas', replicas)
  const name = object.metadata.name ?? ''
  if (faults.length > 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, faults)
  const { uid } = scale.metadata
  if (uid !== undefined && uid !== '' && uid !== object.metadata.uid) {
    const message = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`
    throw new StatusError({ message, reason: 'Conflict', details: { name }, code: 409 })
  }
  const copy = structuredClone(object)
  child(copy, 'spec').replicas = replicas
  return copy
}
