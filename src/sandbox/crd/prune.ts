/** Drops from a custom resource what its schema does not know, and tells where that was. */
import type { Json, JsonObject } from '../object.ts'
import { child, entry } from './fault.ts'
import { additionalSchema, isMap, type JsonSchema } from './schema.ts'

const typeAndMeta = new Set(['apiVersion', 'kind', 'metadata'])

/** Changes `object`, the whole resource; returns the paths of the dropped fields, sorted. */
export function prune(object: JsonObject, schema: JsonSchema | undefined): string[] {
  const root: JsonSchema = { ...schema, 'x-kubernetes-embedded-resource': true }
  return pruneValue(object as Json, root)
}

/** The same for a value inside a resource, such as a default. */
export function pruneValue(value: Json, schema: JsonSchema | undefined): string[] {
  const dropped: string[] = []
  walk(value, schema, '', dropped)
  return dropped.sort()
}

function walk(value: Json | undefined, schema: JsonSchema | undefined, path: string, dropped: string[]): void {
  if (Array.isArray(value)) walkItems(value, schema, path, dropped)
  else if (isMap(value)) walkFields(value, schema, path, dropped)
}

function walkItems(items: Json[], schema: JsonSchema | undefined, path: string, dropped: string[]): void {
  const preserved = schema?.['x-kubernetes-preserve-unknown-fields'] === true
  for (const [index, item] of items.entries()) {
    const itemSchema = preserved ? keeping(schema?.items) : schema?.items
    walk(item, itemSchema, entry(path, index), dropped)
  }
}

/** What lies under a preserved list is preserved too, unless its own schema says what it knows. */
function keeping(schema: JsonSchema | undefined): JsonSchema {
  return { ...schema, 'x-kubernetes-preserve-unknown-fields': true }
}

function walkFields(map: Record<string, Json>, schema: JsonSchema | undefined, path: string, dropped: string[]): void {
  const additional = additionalSchema(schema)
  for (const [name, value] of Object.entries(map)) {
    if (schema?.['x-kubernetes-embedded-resource'] && typeAndMeta.has(name)) continue
    const at = child(path, name)
    if (schema?.properties && Object.hasOwn(schema.properties, name)) walk(value, schema.properties[name], at, dropped)
    else if (additional) walk(value, additional, at, dropped)
    else if (schema?.['x-kubernetes-preserve-unknown-fields']) continue
    else if (schema?.additionalProperties === true) walk(value, undefined, at, dropped)
    else {
      if (path || !typeAndMeta.has(name)) dropped.push(at)
      delete map[name]
    }
  }
}
