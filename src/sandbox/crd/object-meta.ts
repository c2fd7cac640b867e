/** metadata, as the server reads it from a custom resource or from a resource embedded in one. */
import type { Json, JsonObject } from '../object.ts'
import { pruneValue } from './prune.ts'
import { isMap, type JsonSchema } from './schema.ts'

const text: JsonSchema = { type: 'string' }
const texts: JsonSchema = { type: 'object', additionalProperties: text }

function struct(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties }
}

const ownerReference = struct({
  apiVersion: text,
  kind: text,
  name: text,
  uid: text,
  controller: { type: 'boolean' },
  blockOwnerDeletion: { type: 'boolean' },
})

const managedFields = struct({
  manager: text,
  operation: text,
  apiVersion: text,
  time: text,
  fieldsType: text,
  fieldsV1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  subresource: text,
})

/** ObjectMeta as a schema. */
export const objectMetaSchema: JsonSchema = struct({
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: { type: 'integer' },
  creationTimestamp: text,
  deletionTimestamp: text,
  deletionGracePeriodSeconds: { type: 'integer' },
  labels: texts,
  annotations: texts,
  finalizers: { type: 'array', items: text },
  ownerReferences: { type: 'array', items: ownerReference },
  managedFields: { type: 'array', items: managedFields },
})

function empty(value: Json | undefined): boolean {
  if (value === null || value === '' || value === 0) return true
  if (Array.isArray(value)) return value.length === 0
  return isMap(value) && Object.keys(value).length === 0
}

/** Drops unknown and empty fields of `object.metadata`; returns the paths of the unknown ones, from `metadata` on. */
export function pruneMetadata(object: JsonObject): string[] {
  const metadata = object.metadata
  if (!isMap(metadata)) return []
  const unknown = pruneValue(metadata, objectMetaSchema)
  for (const [name, value] of Object.entries(metadata)) {
    if (empty(value) && name !== 'deletionGracePeriodSeconds') delete metadata[name]
  }
  return unknown.map((path) => `metadata.${path}`)
}
