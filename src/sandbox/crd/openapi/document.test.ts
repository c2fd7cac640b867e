import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../object.ts'
import type { CustomResourceDefinition } from '../schema.ts'
import { openApiIndex, openApiV2, openApiV3 } from './document.ts'

const widgets: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { port: { 'x-kubernetes-int-or-string': true } } } },
          },
        },
      },
    ],
  },
  status: {
    conditions: [{ type: 'Established', status: 'True' }],
    acceptedNames: { plural: 'widgets', kind: 'Widget' },
    storedVersions: ['v1'],
  },
}

function at(value: Json | undefined, ...keys: string[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => (inner as JsonObject | undefined)?.[key], value)
}

function refsIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

test('the index names the documents that a real server names, and those of definitions', () => {
  const file = new URL('../../fixtures/discovery/openapi-v3-index.json', import.meta.url)
  const recorded = JSON.parse(readFileSync(file, 'utf8')).response.body.paths
  expect(Object.keys(openApiIndex([]).paths as JsonObject).sort()).toEqual(Object.keys(recorded).sort())
  expect(at(openApiIndex([widgets]), 'paths', 'apis/example.com/v1', 'serverRelativeURL')).toMatch(
    /^\/openapi\/v3\/apis\/example\.com\/v1\?hash=[0-9A-F]{128}$/,
  )
})

test('a hash changes with the schema it stands for, and only then', () => {
  const changed = structuredClone(widgets)
  changed.spec.versions[0] = { ...changed.spec.versions[0], name: 'v1', served: true, storage: true, schema: {} }
  const hash = (document: string, definition: CustomResourceDefinition) => openApiV3(document, [definition])?.hash
  expect(hash('apis/example.com/v1', changed)).not.toBe(hash('apis/example.com/v1', widgets))
  expect(hash('apis/apps/v1', changed)).toBe(hash('apis/apps/v1', widgets))
})

test('every document of the index is there, and refers only to what it holds', () => {
  for (const document of Object.keys(openApiIndex([widgets]).paths as JsonObject)) {
    const body = openApiV3(document, [widgets])?.body
    const schemas = at(body, 'components', 'schemas') as JsonObject
    const missing = refsIn(body).filter((ref) => !schemas[ref.replace('#/components/schemas/', '')])
    expect({ document, missing }).toEqual({ document, missing: [] })
  }
})

test('a patch says that the server validates fields, for the kind it patches', () => {
  const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'
  const patch = at(openApiV3('apis/apps/v1', [])?.body, 'paths', path, 'patch')
  expect(at(patch, 'x-kubernetes-group-version-kind')).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' })
  expect((at(patch, 'parameters') as { name: string }[]).map(({ name }) => name)).toContain('fieldValidation')
})

test('a custom resource is described with its metadata and with what its extensions mean', () => {
  const body = openApiV3('apis/example.com/v1', [widgets])?.body
  const widget = at(body, 'components', 'schemas', 'com.example.v1.Widget')
  expect(at(widget, 'properties', 'metadata')).toEqual({
    $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  })
  expect(at(widget, 'properties', 'spec', 'properties', 'port', 'anyOf')).toEqual([
    { type: 'integer' },
    { type: 'string' },
  ])
  expect(Object.keys(at(body, 'paths') as JsonObject)).toContain(
    '/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/status',
  )
})

test('version 2 is one document of everything', () => {
  const body = openApiV2([widgets])
  const definitions = body.definitions as JsonObject
  expect(definitions['com.example.v1.Widget']).toBeDefined()
  expect(refsIn(body).filter((ref) => !definitions[ref.replace('#/definitions/', '')])).toEqual([])
})
