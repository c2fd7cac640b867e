/** Tells our own writes from those of others, where both arrive in one answer. Pure. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../model/index.ts'

type Document = Record<string, unknown>

/** Whether `answer` is `before` with the JSON merge patch (RFC 7386) applied, and nothing else. */
export function isOurs(before: KubeObject, patch: object, answer: KubeObject): boolean {
  const expected = merged(before, patch) as KubeObject
  return deepEqual(declared(expected), declared(answer))
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isDocument(patch)) return patch
  const result: Document = isDocument(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the server counts up by itself says nothing. */
function declared({ metadata, ...rest }: KubeObject) {
  const { resourceVersion: _version, generation: _generation, managedFields: _managers, ...declaredMetadata } = metadata
  return { ...rest, metadata: declaredMetadata }
}
