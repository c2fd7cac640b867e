/** What admission is asked: a write that is about to happen, and how it says no. */
import type { ClusterView } from '../kinds/kind.ts'
import type { KubeObject } from '../object.ts'
import { forbidden } from '../refusal.ts'
import type { StatusError } from '../status.ts'

export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE'
  group: string
  /** Plural, lower case. */
  resource: string
  subresource?: string
  /** Empty for what belongs to no namespace. */
  namespace: string
  object: KubeObject
  /** The stored object of an update. */
  old?: KubeObject
  cluster: ClusterView
}

/** 403: `pods "a" is forbidden: exceeded quota: …`. */
export function forbiddenByAdmission({ group, resource, object }: AdmissionRequest, why: string): StatusError {
  return forbidden({ group, name: resource }, object.metadata.name ?? object.metadata.generateName ?? '', why)
}

export function isPod({ group, resource, subresource }: AdmissionRequest): boolean {
  return group === '' && resource === 'pods' && !subresource
}

export function isNewPod(request: AdmissionRequest): boolean {
  return request.operation === 'CREATE' && isPod(request)
}
