/** Brings a desired object into the form in which it is compared and applied. */
import { groupOf, type KubeObject, type ObjectMeta } from '../model/index.ts'

/**
 * Leaves out what a source cannot decide: status, and the metadata that the server keeps. A Secret's `stringData` becomes
 * `data`. The rules of an aggregated ClusterRole are left out, because a controller fills them in. Anything else,
 * quantities among it, stays as it was written. The argument is not changed.
 */
export function normalise(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = withoutNullTimes(object) as KubeObject
  const result: KubeObject = { ...rest, metadata: declaredMetadata(object.metadata) }
  return tableOf[`${groupOf(object.apiVersion)}/${object.kind}`]?.(result) ?? result
}

/** Go programs write `creationTimestamp: null` into every metadata, that of templates too; the server ignores it. */
function withoutNullTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullTimes)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name, field]) => name !== 'creationTimestamp' || field !== null)
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNullTimes(field)]))
}

const tableOf: Record<string, (object: KubeObject) => KubeObject> = {
  '/Secret': secretData,
  'rbac.authorization.k8s.io/ClusterRole': aggregatedRules,
}

function declaredMetadata(metadata: ObjectMeta): ObjectMeta {
  const {
    uid: _uid,
    resourceVersion: _resourceVersion,
    generation: _generation,
    creationTimestamp: _creationTimestamp,
    deletionTimestamp: _deletionTimestamp,
    managedFields: _managedFields,
    ...declared
  } = metadata
  // Templates leave `labels:` and `annotations:` behind with nothing below them.
  for (const name of ['labels', 'annotations'] as const) if (!declared[name]) delete declared[name]
  return declared
}

function secretData(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret
  if (typeof stringData !== 'object' || stringData === null) return rest as KubeObject
  const encoded = Object.entries(stringData).map(([name, value]) => [
    name,
    Buffer.from(String(value ?? ''), 'utf8').toString('base64'),
  ])
  return { ...rest, data: { ...(rest.data as object | undefined), ...Object.fromEntries(encoded) } } as KubeObject
}

function aggregatedRules(role: KubeObject): KubeObject {
  if (!role.aggregationRule) return role
  const { rules: _rules, ...rest } = role
  return rest as KubeObject
}
