/** Uniqueness in lists of the types set and map. */
import type { Json } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { child, duplicate, entry, goJson, invalidValue } from './fault.ts'
import { additionalSchema, isMap, type JsonSchema } from './schema.ts'

/** The doubled items anywhere in `value`, each reported once, at its second appearance. */
export function listTypeFaults(value: Json | undefined, schema: JsonSchema | undefined, path = ''): FieldFault[] {
  if (!schema) return []
  if (Array.isArray(value)) return ofList(value, schema, path)
  return isMap(value) ? ofMap(value, schema, path) : []
}

function ofMap(map: Record<string, Json>, schema: JsonSchema, path: string): FieldFault[] {
  const additional = additionalSchema(schema)
  const properties = schema.properties ?? {}
  return Object.keys(map)
    .sort()
    .flatMap((name) => {
      if (Object.hasOwn(properties, name)) return listTypeFaults(map[name], properties[name], child(path, name))
      return additional ? listTypeFaults(map[name], additional, entry(path, name)) : []
    })
}

function ofList(list: Json[], schema: JsonSchema, path: string): FieldFault[] {
  const type = schema['x-kubernetes-list-type']
  const own = type === 'set' ? doubled(list, path) : type === 'map' ? ofKeyedList(list, schema, path) : []
  const inner = list.flatMap((value, index) => listTypeFaults(value, schema.items, entry(path, index)))
  return [...own, ...inner]
}

function ofKeyedList(list: Json[], schema: JsonSchema, path: string): FieldFault[] {
  const stray = list.findIndex((value) => value !== null && !isMap(value))
  if (stray >= 0) {
    return [invalidValue(entry(path, stray), list[stray], 'must be an object for an array of list-type map')]
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return doubled(
    list.map((value) => keysOf(value, keys)),
    path,
  )
}

function keysOf(value: Json, keys: string[]): Json {
  if (!isMap(value)) return {}
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key] ?? null]))
}

function doubled(values: Json[], path: string): FieldFault[] {
  const seen = new Map<string, number>()
  return values.flatMap((value, index) => {
    const text = goJson(value)
    const times = seen.get(text) ?? 0
    seen.set(text, times + 1)
    return times === 1 ? [duplicate(entry(path, index), value)] : []
  })
}
