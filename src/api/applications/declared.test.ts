import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { rightsToChange } from './change-rights.ts'
import { type Declared, declaredIn, declaredOf, declaredPatch, laidOver, placeIn, withDeclared } from './declared.ts'

const spec = {
  project: 'shop',
  destination: { name: 'in-cluster' },
  source: { repoURL: 'https://git.example.com/x', path: '.' },
}
const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd', uid: 'u', resourceVersion: '7', labels: { team: 'a' }, finalizers: [] },
  spec,
  status: { sync: { status: 'Synced' } },
}

test('what the server manages is not taken from a body', () => {
  const body = {
    metadata: {
      name: 'web',
      uid: 'other',
      resourceVersion: '1',
      managedFields: [],
      ownerReferences: [{}],
      labels: { a: 'b' },
    },
    spec,
    status: { health: { status: 'Healthy' } },
    operation: { sync: { manifests: ['{}'] } },
  }
  expect(declaredIn(body)).toEqual({ metadata: { labels: { a: 'b' } }, spec })
})

test('null is the same as nothing, an empty project is default, and an empty policy is none', () => {
  const given = {
    metadata: { labels: null },
    spec: { ...spec, project: '', syncPolicy: {}, source: { ...spec.source, helm: null } },
  }
  expect(declaredIn(given)).toEqual({ metadata: {}, spec: { ...spec, project: 'default' } })
})

test('a project that only the prototype has is none', () => {
  const { spec: read } = declaredIn({ spec: JSON.parse('{"destination":{},"__proto__":{"project":"other"}}') })
  expect(Object.entries(read)).toContainEqual(['project', 'default'])
})

test('the name of the address counts, and a body without any is refused', () => {
  const body = { metadata: { name: 'other', namespace: null } }
  expect(placeIn(body, { name: 'web', namespace: 'argocd' })).toEqual({ name: 'web', namespace: 'argocd' })
  expect(() => placeIn({ metadata: {} }, { namespace: 'argocd' })).toThrow(/no name/)
})

test('the patch takes away what is no longer declared and leaves status alone', () => {
  const wanted: Declared = { metadata: {}, spec: { ...spec, source: { ...spec.source, targetRevision: 'v2' } } }
  expect(declaredPatch(application, wanted)).toEqual({
    metadata: { labels: null, finalizers: null },
    spec: { source: { targetRevision: 'v2' } },
  })
  expect(withDeclared(application, wanted)).toMatchObject({ status: application.status, metadata: { uid: 'u' } })
  expect(declaredPatch({ ...application, metadata: { name: 'web' } }, { metadata: {}, spec })).toBeUndefined()
})

test('an upsert keeps labels that the body does not name', () => {
  expect(laidOver(application, { metadata: { labels: { tier: 'x' } }, spec }).metadata.labels).toEqual({
    team: 'a',
    tier: 'x',
  })
})

const current = declaredOf(application)
const automated = (value: object | undefined): Declared => ({
  ...current,
  spec: { ...spec, ...(value && { syncPolicy: { automated: value } }) },
})
const actions = (wanted: Declared, from = application) =>
  rightsToChange(from, wanted).map(({ action, project }) => `${action} in ${project}`)

test.each([
  ['nothing', current, ['update in shop']],
  ['only automated sync', automated({ prune: true }), ['update/sync-policy in shop']],
  [
    'other parts of the policy',
    { ...current, spec: { ...spec, syncPolicy: { syncOptions: ['a=b'] } } },
    ['update in shop'],
  ],
  ['a label', { ...current, metadata: { labels: { team: 'b' } } }, ['update in shop']],
  ['a finalizer', { ...current, metadata: { ...current.metadata, finalizers: ['x'] } }, ['update in shop']],
  [
    'automated sync and the source',
    { ...automated({}), spec: { ...automated({}).spec, source: { repoURL: 'y' } } },
    ['update in shop', 'update/sync-policy in shop'],
  ],
  [
    'the project',
    { ...current, spec: { ...spec, project: 'other' } },
    ['update in shop', 'create in other', 'update in other'],
  ],
] as [string, Declared, string[]][])('a change of %s needs its rights and no others', (_, wanted, expected) => {
  expect(actions(wanted)).toEqual(expected)
})

test('switching automated sync off is a change of nothing else either', () => {
  const on = { ...application, spec: automated({ selfHeal: true }).spec }
  expect(actions(automated(undefined), on)).toEqual(['update/sync-policy in shop'])
})
