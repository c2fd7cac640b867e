/** Resources inside a custom resource (x-kubernetes-embedded-resource): their apiVersion, kind and metadata. */
import { validateMetadata } from '../kinds/metadata.ts'
import { dnsLabel1035, pathSegment } from '../kinds/name-rules.ts'
import type { Json, KubeObject } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { child, entry, invalidValue, required } from './fault.ts'
import { pruneMetadata } from './object-meta.ts'
import { additionalSchema, isMap, type JsonSchema } from './schema.ts'

type Visit = (resource: Record<string, Json>, path: string) => void

/** Calls back for each embedded resource; the resource around them all is not one. */
function visit(value: Json | undefined, schema: JsonSchema | undefined, path: string, each: Visit): void {
  if (!schema) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, schema.items, entry(path, index), each)
  } else if (isMap(value)) {
    if (schema['x-kubernetes-embedded-resource']) each(value, path)
    const additional = additionalSchema(schema)
    for (const name of Object.keys(value).sort()) {
      const own = schema.properties && Object.hasOwn(schema.properties, name)
      if (own) visit(value[name], schema.properties?.[name], child(path, name), each)
      else visit(value[name], additional, entry(path, name), each)
    }
  }
}

/** Prunes the metadata of embedded resources; returns the paths of what was unknown. */
export function pruneEmbedded(object: Json, schema: JsonSchema | undefined): string[] {
  const unknown: string[] = []
  visit(object, schema, '', (resource, path) => {
    unknown.push(...pruneMetadata(resource).map((below) => child(path, below)))
  })
  return unknown.sort()
}

/** Embedded resources need an apiVersion and a kind. */
export function embeddedFaults(object: Json, schema: JsonSchema | undefined): FieldFault[] {
  const faults: FieldFault[] = []
  visit(object, schema, '', (resource, path) => {
    for (const name of ['apiVersion', 'kind']) {
      if (!Object.hasOwn(resource, name)) faults.push(required(child(path, name)))
    }
    faults.push(...apiVersionFaults(resource.apiVersion, child(path, 'apiVersion')))
    faults.push(...kindFaults(resource.kind, child(path, 'kind')))
    faults.push(...metadataFaults(resource, path))
  })
  return faults
}

/** apiVersion and kind of an embedded resource that are no strings: such a body can't even be read. */
export function unreadableEmbedded(object: Json, schema: JsonSchema | undefined): FieldFault | undefined {
  const faults: FieldFault[] = []
  visit(object, schema, '', (resource, path) => {
    for (const name of ['apiVersion', 'kind']) {
      const value = resource[name]
      if (value !== undefined && typeof value !== 'string') {
        faults.push(invalidValue(child(path, name), value, 'must be a string'))
      }
    }
  })
  return faults[0]
}

/** The metadata follows the rules of any object's, but need not have a name. */
function metadataFaults(resource: Record<string, Json>, path: string): FieldFault[] {
  if (!isMap(resource.metadata)) return []
  const metadata = { ...resource.metadata, name: resource.metadata.name || 'fakename' }
  const object = { ...resource, metadata } as unknown as KubeObject
  const namespaced = Boolean(resource.metadata.namespace)
  return validateMetadata(object, { namespaced, nameRule: pathSegment }).map((fault) => ({
    ...fault,
    field: child(path, fault.field),
  }))
}

function apiVersionFaults(value: Json | undefined, path: string): FieldFault[] {
  if (value === undefined) return []
  if (typeof value !== 'string') return [invalidValue(path, value, 'must be a string')]
  if (value === '') return [invalidValue(path, value, 'must not be empty')]
  if (value.split('/').length > 2) return [invalidValue(path, value, `unexpected GroupVersion string: ${value}`)]
  return []
}

function kindFaults(value: Json | undefined, path: string): FieldFault[] {
  if (value === undefined) return []
  if (typeof value !== 'string') return [invalidValue(path, value, 'must be a string')]
  if (value === '') return [invalidValue(path, value, 'must not be empty')]
  const faults = dnsLabel1035(value.toLowerCase())
  const detail = `may have mixed case, but should otherwise match: ${faults.join(',')}`
  return faults.length > 0 ? [invalidValue(path, value, detail)] : []
}
