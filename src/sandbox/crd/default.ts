/** Fills the defaults of a schema into a custom resource, and drops nulls that may not be there. */
import type { Json } from '../object.ts'
import { additionalSchema, fieldSchema, isMap, type JsonSchema } from './schema.ts'

function refused(value: Json | undefined, schema: JsonSchema | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable
}

/** Drops each null that is neither allowed nor going to be replaced by a default; changes `value`. */
export function dropNulls(value: Json | undefined, schema: JsonSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, schema?.items)
  } else if (isMap(value)) {
    for (const [name, item] of Object.entries(value)) {
      const known = fieldSchema(schema, name)
      if (refused(item, known) && (known?.default ?? null) === null) delete value[name]
      else dropNulls(item, known)
    }
  }
}

/** Fills in the defaults; changes `value`. */
export function fillDefaults(value: Json | undefined, schema: JsonSchema | undefined): void {
  if (!schema) return
  if (Array.isArray(value)) fillItems(value, schema)
  else if (isMap(value)) fillFields(value, schema)
}

function fillItems(items: Json[], schema: JsonSchema): void {
  for (const [index, item] of items.entries()) {
    if (refused(item, schema.items)) items[index] = structuredClone(schema.items?.default ?? null)
    fillDefaults(items[index], schema.items)
  }
}

function fillFields(map: Record<string, Json>, schema: JsonSchema): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const preset = property.default ?? null
    if (preset === null) continue
    if (!Object.hasOwn(map, name) || refused(map[name], property)) map[name] = structuredClone(preset)
  }
  const additional = additionalSchema(schema)
  for (const name of Object.keys(map)) {
    const known = fieldSchema(schema, name)
    if (known && known === additional && refused(map[name], known)) map[name] = structuredClone(known.default ?? null)
    fillDefaults(map[name], known)
  }
}
