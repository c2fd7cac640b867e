/** Tells our own writes from those of others, where both arrive in one answer. Pure. */
import { deepEqual } from 'fast-equals'
import { applyMergePatch, type KubeObject } from '../model/index.ts'

/** Whether `answer` is `before` with the JSON merge patch (RFC 7386) applied, and nothing else. */
export function isOurs(before: KubeObject, patch: object, answer: KubeObject): boolean {
  const expected = applyMergePatch(before, patch) as KubeObject
  return deepEqual(declared(expected), declared(answer))
}

/** What the server counts up by itself says nothing. */
function declared({ metadata, ...rest }: KubeObject) {
  const { resourceVersion: _version, generation: _generation, managedFields: _managers, ...declaredMetadata } = metadata
  return { ...rest, metadata: declaredMetadata }
}
