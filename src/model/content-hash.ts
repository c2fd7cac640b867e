/** A short name for an object's content, under which an answer about it can be remembered. */
import { createHash } from 'node:crypto'
import type { KubeObject } from './kube-object.ts'

/**
 * Equal for two objects that differ in nothing but status, managedFields, resourceVersion, generation and the order of
 * their fields.
 */
export function contentHash(object: KubeObject): string {
  const { status: _status, metadata, ...rest } = object
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...meta } = metadata
  return createHash('sha1')
    .update(canonical({ ...rest, metadata: meta }))
    .digest('base64url')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
}
