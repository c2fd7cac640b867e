import { expect, test } from 'vitest'
import { type AppProjectSpec, defaultProjectSpec, type KubeObject } from '../model/index.ts'
import { desiredState } from './desired-state.ts'

const scopes: Record<string, 'Namespaced' | 'Cluster'> = { '/ConfigMap': 'Namespaced', '/Namespace': 'Cluster' }

function desired(objects: KubeObject[], { project = defaultProjectSpec as AppProjectSpec, namespace = 'shop' } = {}) {
  return desiredState({
    manifests: objects.map((object, index) => ({ object, file: `${index}.yaml` })),
    namespace: namespace || undefined,
    project: { name: 'default', spec: project },
    cluster: { server: 'https://kubernetes.default.svc', name: 'in-cluster' },
    scope: (group, kind) => scopes[`${group}/${kind}`],
    isExcluded: ({ kind }) => kind === 'Endpoints',
  })
}

const configMap = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
})

test('an object that names no namespace goes to the destination, and one that does stays', () => {
  const { manifests } = desired([configMap('a'), configMap('b', { metadata: { name: 'b', namespace: 'other' } })])
  expect(manifests.map((manifest) => manifest.object.metadata.namespace)).toEqual(['shop', 'other'])
})

test('a cluster-scoped object loses a namespace that it should not have', () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x', namespace: 'shop' } }
  expect(desired([namespace]).manifests[0]?.object.metadata).toEqual({ name: 'x' })
})

test('a kind that the same source defines has the scope of its definition', () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'planets.example.com' },
    spec: { group: 'example.com', names: { kind: 'Planet' }, scope: 'Cluster' },
  }
  const planet = { apiVersion: 'example.com/v1', kind: 'Planet', metadata: { name: 'mars' } }
  expect(desired([planet, definition]).manifests[0]?.object.metadata).toEqual({ name: 'mars' })
})

test('of an object declared twice the last one counts, with a warning that names both files', () => {
  const { manifests, findings } = desired([configMap('a', { data: { k: '1' } }), configMap('a', { data: { k: '2' } })])
  expect(manifests.map((manifest) => manifest.object.data)).toEqual([{ k: '2' }])
  expect(findings[0]).toMatchObject({ type: 'RepeatedResourceWarning' })
  expect(findings[0]?.message).toMatch(/ConfigMap shop\/a .*0\.yaml, 1\.yaml/)
})

test('an object that would have no namespace is refused with a message that says what to set', () => {
  expect(desired([configMap('a')], { namespace: '' }).findings[0]?.message).toMatch(/spec\.destination\.namespace/)
})

test('what the project does not permit is left out and named', () => {
  const project = { ...defaultProjectSpec, namespaceResourceBlacklist: [{ group: '', kind: 'ConfigMap' }] }
  const { manifests, findings } = desired([configMap('a')], { project })
  expect(manifests).toEqual([])
  expect(findings[0]).toMatchObject({ type: 'InvalidSpecError' })
})

test('an object of an excluded kind is left out, with a warning that says where that is set', () => {
  const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'db' } }
  const { manifests, findings } = desired([configMap('a'), endpoints])
  expect(manifests.map(({ object }) => object.kind)).toEqual(['ConfigMap'])
  expect(findings).toMatchObject([
    { type: 'ExcludedResourceWarning', message: expect.stringMatching(/Endpoints db .*resource\.exclusions/) },
  ])
})

test('a namespace outside the destinations of the project is refused even for a single object', () => {
  const project = { ...defaultProjectSpec, destinations: [{ server: '*', namespace: 'shop' }] }
  const stray = configMap('b', { metadata: { name: 'b', namespace: 'kube-system' } })
  const { manifests, findings } = desired([configMap('a'), stray], { project })
  expect(manifests).toHaveLength(1)
  expect(findings[0]?.message).toMatch(/kube-system\/b.*destinations/)
})
