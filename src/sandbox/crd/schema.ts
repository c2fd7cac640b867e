/** The shape of a CustomResourceDefinition and of the JSON schemas in it, as far as the sandbox reads them. */
import type { Json, KubeObject, ObjectMeta } from '../object.ts'

export interface ValidationRule {
  rule: string
  message?: string
  messageExpression?: string
  reason?: string
  fieldPath?: string
  optionalOldSelf?: boolean
}

/** An openAPIV3Schema or a part of one. */
export interface JsonSchema {
  type?: string
  format?: string
  title?: string
  description?: string
  nullable?: boolean
  default?: Json
  example?: Json
  enum?: Json[]
  maximum?: number
  exclusiveMaximum?: boolean
  minimum?: number
  exclusiveMinimum?: boolean
  multipleOf?: number
  maxLength?: number
  minLength?: number
  pattern?: string
  maxItems?: number
  minItems?: number
  uniqueItems?: boolean
  maxProperties?: number
  minProperties?: number
  required?: string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  allOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  not?: JsonSchema
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-validations'?: ValidationRule[]
  id?: string
  $ref?: string
  additionalItems?: Json
  patternProperties?: Json
  definitions?: Json
  dependencies?: Json
}

export interface ScaleSubresource {
  specReplicasPath: string
  statusReplicasPath: string
  labelSelectorPath?: string
}

export interface PrinterColumn {
  name: string
  type: string
  format?: string
  description?: string
  priority?: number
  jsonPath: string
}

export interface DefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JsonSchema }
  subresources?: { status?: Record<string, never>; scale?: ScaleSubresource }
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: { jsonPath: string }[]
}

export interface DefinitionNames {
  plural: string
  singular?: string
  shortNames?: string[]
  kind: string
  listKind?: string
  categories?: string[]
}

export interface DefinitionCondition {
  type: string
  status: 'True' | 'False'
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface CustomResourceDefinition extends KubeObject {
  metadata: ObjectMeta
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    names: DefinitionNames
    versions: DefinitionVersion[]
    conversion?: { strategy: string; webhook?: Json }
    preserveUnknownFields?: boolean
  }
  status?: {
    conditions: DefinitionCondition[] | null
    acceptedNames: DefinitionNames
    storedVersions: string[]
  }
}

/** A plain object, that is neither null nor a list. */
export function isMap(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema of additionalProperties, when it is one and not only a boolean. */
export function additionalSchema(schema: JsonSchema | undefined): JsonSchema | undefined {
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/** The schema of a field: the declared property's, else that of additionalProperties. */
export function fieldSchema(schema: JsonSchema | undefined, field: string): JsonSchema | undefined {
  const own = schema?.properties
  if (own && Object.hasOwn(own, field)) return own[field]
  return additionalSchema(schema)
}
