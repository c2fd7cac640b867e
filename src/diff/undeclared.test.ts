import { expect, test } from 'vitest'
import { fieldManager, type KubeObject, type ManagedFieldsEntry } from '../model/index.ts'
import { undeclaredFields } from './undeclared.ts'

function entry(
  manager: string,
  fieldsV1: Record<string, unknown>,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z', fieldsV1, ...more }
}

function object(fields: object, managedFields?: ManagedFieldsEntry[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'a', ...(managedFields && { managedFields }) },
    ...fields,
  }
}

test('what others have set and Git does not declare is told with who and when', () => {
  const managedFields = [
    entry(fieldManager, { 'f:spec': { 'f:a': {}, 'f:gone': {} } }, { operation: 'Apply' }),
    entry('kubectl-edit', { 'f:spec': { 'f:a': {}, 'f:b': { 'f:c': {} } } }),
    entry(
      'controller',
      { 'f:status': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:by': {} } } },
      { subresource: 'status' },
    ),
  ]
  const live = object({ spec: { a: 1, b: { c: 2 }, gone: 3 }, status: { x: 1 } }, managedFields)
  live.metadata.labels = { by: 'controller' }
  const time = '2026-01-01T00:00:00Z'
  const controller = { manager: 'controller', operation: 'Update', subresource: 'status', time }
  expect(undeclaredFields(object({ spec: { a: 1 } }), live)).toEqual([
    { path: 'metadata.labels.by', live: 'controller', author: controller },
    {
      path: 'spec.b.c',
      live: 2,
      author: { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T00:00:00Z' },
    },
  ])
})

test('an injected container is told field by field, a declared one is not', () => {
  const item = (name: string) => ({ [`k:{"name":"${name}"}`]: { '.': {}, 'f:name': {}, 'f:image': {} } })
  const live = object(
    {
      spec: {
        containers: [
          { name: 'web', image: 'w' },
          { name: 'side', image: 's' },
        ],
      },
    },
    [entry('injector', { 'f:spec': { 'f:containers': { ...item('web'), ...item('side') } } })],
  )
  const desired = object({ spec: { containers: [{ name: 'web', image: 'w' }] } })
  expect(undeclaredFields(desired, live).map(({ path }) => path)).toEqual([
    'spec.containers[name=side].image',
    'spec.containers[name=side].name',
  ])
})

test('values of a Secret are masked, and annotations that were asked for too', () => {
  const fields = { 'f:data': { 'f:k': {} }, 'f:metadata': { 'f:annotations': { 'f:api-key': {}, 'f:note': {} } } }
  const live: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      annotations: { 'api-key': 'tell-nobody', note: 'fine' },
      managedFields: [entry('x', fields)],
    },
    data: { k: 'c2VjcmV0' },
  }
  expect(undeclaredFields(undefined, live, ['api-key']).map(({ path, live: value }) => [path, value])).toEqual([
    ['data.k', '++++++++++++'],
    ['metadata.annotations.api-key', '++++++++++++'],
    ['metadata.annotations.note', 'fine'],
  ])
})
