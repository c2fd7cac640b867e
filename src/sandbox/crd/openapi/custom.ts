/** Custom resources for the OpenAPI documents: their paths and definitions. */
import type { Json, JsonObject } from '../../object.ts'
import type { CustomVersion } from '../custom-version.ts'
import { additionalSchema, type JsonSchema } from '../schema.ts'
import { definitionsOf, type Method, type Operation, type Path } from './operation.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const text: JsonObject = { type: 'string' }

/** `com.example.v1.Widget` of the kind Widget of example.com/v1. */
export function customDefinitionName({ definition, version }: CustomVersion, kind: string): string {
  return [...definition.spec.group.split('.').reverse(), version.name, kind].join('.')
}

export function customDocument({ definition, version }: CustomVersion): string {
  return `apis/${definition.spec.group}/${version.name}`
}

function kindsOf(custom: CustomVersion): [kind: string, listKind: string] {
  const { kind, listKind } = custom.definition.spec.names
  return [kind, listKind ?? `${kind}List`]
}

function gvkOf({ definition, version }: CustomVersion, kind: string): JsonObject {
  return { group: definition.spec.group, kind, version: version.name }
}

/** The definitions of a version's objects and lists; `$ref` in them holds a bare name. */
export function customDefinitions(custom: CustomVersion): Record<string, JsonObject> {
  const [kind, listKind] = kindsOf(custom)
  const object = customDefinitionName(custom, kind)
  const items = { type: 'array', items: { $ref: object } }
  const listProperties = { apiVersion: text, items, kind: text, metadata: { $ref: `${meta}.ListMeta` } }
  return {
    [object]: objectDefinition(custom, kind),
    [customDefinitionName(custom, listKind)]: {
      description: `${listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: listProperties,
      'x-kubernetes-group-version-kind': [gvkOf(custom, listKind)],
    },
  }
}

function objectDefinition(custom: CustomVersion, kind: string): JsonObject {
  const { schema } = custom
  const gvk = { 'x-kubernetes-group-version-kind': [gvkOf(custom, kind)] }
  const preserved = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (preserved && !schema.properties) return { type: 'object', ...gvk, 'x-kubernetes-preserve-unknown-fields': true }
  const described = describe({ ...schema, type: 'object' })
  const own = (described.properties ?? {}) as JsonObject
  const properties = { apiVersion: text, kind: text, metadata: { $ref: `${meta}.ObjectMeta` }, ...own }
  return { ...described, properties: { ...properties, metadata: { $ref: `${meta}.ObjectMeta` } }, ...gvk }
}

/** The schema as it is published: an int-or-string is two types, an embedded resource has its three fields. */
function describe(schema: JsonSchema): JsonObject {
  const { properties, items, ...rest } = schema
  const described: JsonObject = { ...(rest as unknown as JsonObject) }
  if (properties) described.properties = mapOf(properties)
  if (items) described.items = describe(items)
  const additional = additionalSchema(schema)
  if (additional) described.additionalProperties = describe(additional)
  if (schema['x-kubernetes-int-or-string'] && !schema.anyOf && !schema.allOf) {
    described.anyOf = [{ type: 'integer' }, { type: 'string' }]
  }
  if (!schema['x-kubernetes-embedded-resource']) return described
  const embedded = { apiVersion: text, kind: text, metadata: { $ref: `${meta}.ObjectMeta` } }
  described.properties = { ...((described.properties as JsonObject | undefined) ?? {}), ...embedded }
  described.required = ['kind', 'apiVersion']
  return described
}

function mapOf(properties: Record<string, JsonSchema>): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, describe(schema)]))
}

/** The paths of a version's resource. */
export function customPaths(custom: CustomVersion): Path[] {
  const { definition, version } = custom
  const { group, names, scope } = definition.spec
  const root = `/apis/${group}/${version.name}`
  const collection =
    scope === 'Namespaced' ? `${root}/namespaces/{namespace}/${names.plural}` : `${root}/${names.plural}`
  const object = `${collection}/{name}`
  const { status, scale } = version.subresources ?? {}
  const paths: Path[] = [
    {
      path: collection,
      operations: operations(custom, [
        ['get', 'list'],
        ['post', 'post'],
        ['delete', 'deletecollection'],
      ]),
    },
    { path: object, operations: operations(custom, objectActions) },
  ]
  if (status) paths.push({ path: `${object}/status`, operations: operations(custom, partActions) })
  if (scale) paths.push({ path: `${object}/scale`, operations: scaleOperations(custom) })
  if (scope === 'Namespaced') {
    paths.push({ path: `${root}/${names.plural}`, operations: operations(custom, [['get', 'list']]) })
  }
  return paths
}

const objectActions: [Method, string][] = [
  ['get', 'get'],
  ['put', 'put'],
  ['delete', 'delete'],
  ['patch', 'patch'],
]
const partActions = objectActions.filter(([method]) => method !== 'delete')

function operations(custom: CustomVersion, actions: [Method, string][]): Operation[] {
  const [kind, listKind] = kindsOf(custom)
  const gvk = { group: custom.definition.spec.group, version: custom.version.name, kind }
  const names = [customDefinitionName(custom, kind), customDefinitionName(custom, listKind)] as const
  return actions.map(([method, action]) => ({ method, action, gvk, ...definitionsOf(action, ...names) }))
}

function scaleOperations(custom: CustomVersion): Operation[] {
  const scale = 'io.k8s.api.autoscaling.v1.Scale'
  return operations(custom, partActions).map((operation) => {
    const gvk = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
    return { ...operation, gvk, ...definitionsOf(operation.action, scale, scale) }
  })
}
