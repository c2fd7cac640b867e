/** The defaults in a schema must be valid themselves. */
import type { FieldFault } from '../status.ts'
import { ruleFaults } from './cel/rules.ts'
import { sameValue } from './correlation.ts'
import { child, entry, invalidValue } from './fault.ts'
import { prune, pruneValue } from './prune.ts'
import { isMap, type JsonSchema } from './schema.ts'
import { schemaFaults } from './validate.ts'

/** The faults of all defaults below a schema at `path`. */
export function defaultFaults(schema: JsonSchema | undefined, path: string): FieldFault[] {
  if (!schema) return []
  const own = schema.default === undefined || schema.default === null ? [] : ofDefault(schema, child(path, 'default'))
  const items = defaultFaults(schema.items, child(path, 'items'))
  const names = Object.keys(schema.properties ?? {}).sort()
  const properties = names.flatMap((name) =>
    defaultFaults(schema.properties?.[name], entry(child(path, 'properties'), name)),
  )
  return [...own, ...items, ...properties]
}

function ofDefault(schema: JsonSchema, path: string): FieldFault[] {
  const value = schema.default ?? null
  const pruned = structuredClone(value)
  if (schema['x-kubernetes-embedded-resource'] && isMap(pruned)) prune(pruned, schema)
  else pruneValue(pruned, schema)
  const unknown = sameValue(pruned, value) ? [] : [invalidValue(path, value, 'must not have unknown fields')]
  const faults = schemaFaults(value, schema, { prefix: path })
  if (faults.length > 0) return [...unknown, ...faults]
  return [...unknown, ...ruleFaults(value, schema, { path })]
}
