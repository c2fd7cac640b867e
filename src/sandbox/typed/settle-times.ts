/** Keeps the times of managers when a write changed nothing else. */
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../object.ts'
import { objectJson } from './managed-fields.ts'
import { equal } from './shape.ts'

/**
 * To be called on an object that was updated, once it has its final form: when it differs from `before` in nothing but
 * the times of its managedFields, gives those back, so that the write turns out to be none. Changes `after`.
 */
export function settleTimes(before: KubeObject, after: KubeObject): void {
  const old = before.metadata.managedFields
  const now = after.metadata.managedFields
  if (old === now || old === undefined || now === undefined || old.length !== now.length) {
    return
  }
  const times = new Map(old.map((entry) => [identity(entry), entry]))
  const settled = now.map((entry) => {
    const earlier = times.get(identity(entry))
    return earlier && equal(earlier.fieldsV1 as JsonObject, entry.fieldsV1 as JsonObject) ? earlier : undefined
  })
  if (settled.every((entry) => entry !== undefined) && equal(withoutVersion(before), withoutVersion(after))) {
    after.metadata.managedFields = old
  }
}

/** A write may name the version it is based on; that is no change. */
function withoutVersion(object: KubeObject): JsonObject {
  const json = objectJson(object)
  const { resourceVersion: _, ...metadata } = json.metadata as JsonObject
  return { ...json, metadata }
}

function identity({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  return JSON.stringify([manager, operation, apiVersion, subresource])
}
