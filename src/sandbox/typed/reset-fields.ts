/** The fields that an endpoint does not write, whatever the request says: nobody comes to own them through it. */
import type { Type } from './type.ts'

/** The status of a custom resource leaves all else as it was. */
const keptByCustomStatus = [['metadata'], ['spec']]

/** More than spec is kept by the status of some kinds. */
const keptByStatus: Record<string, readonly (readonly string[])[]> = {
  Deployment: [['spec'], ['metadata', 'labels']],
  Pod: [['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']],
  CustomResourceDefinition: [['metadata'], ['spec']],
  ResourceClaim: [['metadata'], ['spec']],
}

/**
 * `subresource` is absent for the main resource. A custom resource has to be asked for only when its definition has the
 * status subresource; without it all its fields are written by the main resource.
 */
export function resetFields(type: Type, kind: string, subresource?: string): readonly (readonly string[])[] {
  if (subresource === undefined || subresource === '') {
    return type.fields?.has('status') ? [['status']] : []
  }
  if (subresource !== 'status') {
    return []
  }
  return type.custom ? keptByCustomStatus : (keptByStatus[kind] ?? [['spec']])
}
