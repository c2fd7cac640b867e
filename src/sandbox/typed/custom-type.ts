/** The type of a custom resource, made from the structural schema of its definition. */
import type { Json } from '../object.ts'
import { definitionType } from './builtin-type.ts'
import { anyType, type Field, type Scalar, type Type } from './type.ts'

/** The part of an openAPIV3Schema that says how values are shaped and merged. */
export interface StructuralSchema {
  type?: string
  format?: string
  properties?: Record<string, StructuralSchema>
  additionalProperties?: StructuralSchema | boolean
  items?: StructuralSchema
  default?: Json
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: string
}

/** The type of a whole custom resource: its schema with apiVersion, kind and metadata as every object has them. */
export function customType(schema: StructuralSchema): Type {
  const type = objectType(schema)
  const string: Type = { shape: 'scalar', atomic: false, scalar: 'string' }
  const fields = new Map<string, Field>(type.shape === 'struct' ? type.fields : [])
  fields.set('apiVersion', { name: 'apiVersion', type: string })
  fields.set('kind', { name: 'kind', type: string })
  fields.set('metadata', {
    name: 'metadata',
    type: definitionType('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
  })
  return { ...type, shape: 'struct', fields, custom: true }
}

function typeOf(schema: StructuralSchema): Type {
  if (schema['x-kubernetes-embedded-resource']) {
    return customType(schema)
  }
  if (schema['x-kubernetes-int-or-string']) {
    return { shape: 'scalar', atomic: false, scalar: 'untyped', format: 'int-or-string', custom: true }
  }
  switch (schema.type) {
    case 'object':
      return objectType(schema)
    case 'array':
      return listType(schema)
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { shape: 'scalar', atomic: false, scalar: scalarOf(schema), custom: true }
    default:
      return anyType
  }
}

/** A string of a format that is not known, a date among them, counts as an untyped scalar. */
function scalarOf({ type, format }: StructuralSchema): Scalar {
  return type === 'string' && format !== undefined && format !== 'byte' ? 'untyped' : (type as Scalar)
}

function objectType(schema: StructuralSchema): Type {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic'
  const preserveUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true
  const extra = schema.additionalProperties
  if (extra !== undefined && extra !== false && !schema.properties) {
    return { shape: 'map', atomic, element: extra === true ? anyType : typeOf(extra), custom: true }
  }
  const fields = new Map<string, Field>()
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const field: Field = { name, type: typeOf(property) }
    fields.set(name, property.default === undefined ? field : { ...field, default: property.default })
  }
  return { shape: 'struct', atomic, fields, custom: true, ...(preserveUnknown && { element: anyType }) }
}

function listType(schema: StructuralSchema): Type {
  const element = typeOf(schema.items ?? {})
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'map') {
    const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort()
    return { shape: 'list', atomic: false, element, keys, custom: true }
  }
  return { shape: 'list', atomic: listType !== 'set', element, custom: true, ...(listType === 'set' && { keys: [] }) }
}
