/** The OpenAPI documents: /openapi/v3, its index and its parts, and /openapi/v2. */
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../object.ts'
import { type CustomVersion, customVersion } from '../custom-version.ts'
import { isEstablished } from '../naming.ts'
import type { CustomResourceDefinition } from '../schema.ts'
import { builtinDefinitions, builtinDocuments, builtinPaths, serverVersion } from './builtin.ts'
import { customDefinitions, customDocument, customPaths } from './custom.ts'
import { type Operation, type Path, parameterType, pathParameters, queryParameters } from './operation.ts'

/** Paths beside the group versions, each with a document of its own. */
const loneDocuments = ['.well-known/openid-configuration', 'api', 'apis', 'openid/v1/jwks', 'version']

function servedVersions(definitions: CustomResourceDefinition[]): CustomVersion[] {
  return definitions
    .filter(isEstablished)
    .flatMap((definition) =>
      definition.spec.versions
        .filter(({ served }) => served)
        .flatMap(({ name }) => customVersion(definition, name) ?? []),
    )
}

function groupDocuments(): string[] {
  const groups = builtinDocuments().filter((document) => document.startsWith('apis/'))
  return [...new Set(groups.map((document) => document.split('/').slice(0, 2).join('/')))]
}

/** The answer of /openapi/v3: where the document of each group version is. */
export function openApiIndex(definitions: CustomResourceDefinition[]): JsonObject {
  const customs = servedVersions(definitions)
  const documents = [...loneDocuments, ...groupDocuments(), ...builtinDocuments(), ...customs.map(customDocument)]
  const paths = [...new Set(documents)].sort().map((document): [string, Json] => {
    const hash = documentHash(document, customs)
    return [document, { serverRelativeURL: `/openapi/v3/${document}?hash=${hash}` }]
  })
  return { paths: Object.fromEntries(paths) }
}

function documentHash(document: string, customs: CustomVersion[]): string {
  const own = customs.filter((custom) => customDocument(custom) === document)
  const content = own.map(({ definition, version }) => [definition.spec.names, definition.spec.scope, version])
  return createHash('sha512')
    .update(JSON.stringify([serverVersion, document, content]))
    .digest('hex')
    .toUpperCase()
}

export interface OpenApiDocument {
  /** Changes with the document; the entity tag of the answer, in quotes. */
  hash: string
  body: JsonObject
}

/** The document at /openapi/v3/`document`, such as `apis/apps/v1`; undefined when there is none. */
export function openApiV3(document: string, definitions: CustomResourceDefinition[]): OpenApiDocument | undefined {
  const customs = servedVersions(definitions)
  const own = customs.filter((custom) => customDocument(custom) === document)
  const isLone = loneDocuments.includes(document) || groupDocuments().includes(document)
  const paths = isLone ? [lonePath(document)] : [...builtinPaths(document), ...own.flatMap(customPaths)]
  if (paths.length === 0) return undefined
  const schemas = reachable(paths, definitionsWith(own))
  const body: JsonObject = {
    openapi: '3.0.0',
    info: infoOf(own),
    paths: Object.fromEntries([...paths].sort(byPath).map((path) => [path.path, pathItemV3(path)])),
    components: { schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, withRefs(schema, refV3)])) },
  }
  return { hash: documentHash(document, customs), body }
}

/** The one document of /openapi/v2. */
export function openApiV2(definitions: CustomResourceDefinition[]): JsonObject {
  const customs = servedVersions(definitions)
  const paths = [...builtinPaths(), ...customs.flatMap(customPaths)].sort(byPath)
  const all = Object.entries(definitionsWith(customs))
  return {
    swagger: '2.0',
    info: infoOf([]),
    paths: Object.fromEntries(paths.map((path) => [path.path, pathItemV2(path)])),
    definitions: Object.fromEntries(all.map(([name, schema]) => [name, withRefs(schema, refV2)])),
  }
}

function infoOf(customs: CustomVersion[]): JsonObject {
  if (customs.length > 0) return { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }
  return { title: 'Kubernetes', version: serverVersion.replace(/^v(\d+\.\d+).*/, '$1') }
}

function definitionsWith(customs: CustomVersion[]): Record<string, JsonObject> {
  return Object.assign({ ...builtinDefinitions }, ...customs.map(customDefinitions))
}

function lonePath(document: string): Path {
  const gvk = { group: '', version: '', kind: '' }
  return { path: `/${document}/`, operations: [{ method: 'get', action: '', gvk }] }
}

function byPath(left: Path, right: Path): number {
  return left.path < right.path ? -1 : 1
}

/** The definitions that the paths need, by name. */
function reachable(paths: Path[], definitions: Record<string, JsonObject>): [string, JsonObject][] {
  const found = new Map<string, JsonObject>()
  const visit = (name: string): void => {
    const definition = definitions[name]
    if (!definition || found.has(name)) return
    found.set(name, definition)
    for (const next of refsIn(definition)) visit(next)
  }
  for (const { operations } of paths) {
    for (const { body, answer } of operations) for (const name of [body, answer]) if (name) visit(name)
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1))
}

function refsIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

type Refer = (name: string, rest: JsonObject) => JsonObject

/** In version 3 nothing may stand beside a reference. */
const refV3: Refer = (name, rest) => {
  const ref = { $ref: `#/components/schemas/${name}` }
  return Object.keys(rest).length === 0 ? ref : { ...rest, allOf: [ref] }
}

const refV2: Refer = (name, { default: _default, ...rest }) => ({ ...rest, $ref: `#/definitions/${name}` })

function withRefs(value: Json | undefined, refer: Refer): Json {
  if (Array.isArray(value)) return value.map((item) => withRefs(item, refer))
  if (typeof value !== 'object' || value === null) return value ?? null
  const { $ref, ...rest } = value
  const inner = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, withRefs(item, refer)]))
  if (typeof $ref === 'string') return refer($ref, inner)
  return $ref === undefined ? inner : { ...inner, $ref: withRefs($ref, refer) }
}

function common({ action, gvk }: Operation): JsonObject {
  if (!gvk.kind) return {}
  return { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { ...gvk } }
}

function schemaRef(name: string | undefined, refer: Refer): JsonObject {
  return name ? refer(name, {}) : { type: 'string' }
}

function pathItemV3({ path, operations }: Path): JsonObject {
  const item = operations.map((operation): [string, Json] => [operation.method, operationV3(operation)])
  const parameters = pathParameters(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }))
  return { ...Object.fromEntries(item), ...(parameters.length > 0 ? { parameters } : {}) }
}

function operationV3(operation: Operation): JsonObject {
  const parameters = (queryParameters[operation.action] ?? []).map((name) => ({
    name,
    in: 'query',
    schema: { type: parameterType(name), uniqueItems: true },
  }))
  const answer = { 'application/json': { schema: schemaRef(operation.answer, refV3) } }
  const requestBody = operation.body && { content: { '*/*': { schema: schemaRef(operation.body, refV3) } } }
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: { 200: { description: 'OK', content: answer }, 401: { description: 'Unauthorized' } },
    ...common(operation),
  }
}

function pathItemV2({ path, operations }: Path): JsonObject {
  const item = operations.map((operation): [string, Json] => [operation.method, operationV2(operation)])
  const parameters = pathParameters(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    type: 'string',
    uniqueItems: true,
  }))
  return { ...Object.fromEntries(item), ...(parameters.length > 0 ? { parameters } : {}) }
}

function operationV2(operation: Operation): JsonObject {
  const body = operation.body ? [{ name: 'body', in: 'body', schema: schemaRef(operation.body, refV2) }] : []
  const query = (queryParameters[operation.action] ?? []).map((name) => ({
    name,
    in: 'query',
    type: parameterType(name),
    uniqueItems: true,
  }))
  const ok = { description: 'OK', schema: schemaRef(operation.answer, refV2) }
  return {
    consumes: operation.action === 'patch' ? patchTypes : ['*/*'],
    produces: ['application/json'],
    schemes: ['https'],
    parameters: [...body, ...query],
    responses: { 200: ok, 401: { description: 'Unauthorized' } },
    ...common(operation),
  }
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]
