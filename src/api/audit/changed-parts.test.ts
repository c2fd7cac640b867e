import { expect, test } from 'vitest'
import { changedParts, withoutValues } from './changed-parts.ts'

const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd', resourceVersion: '1', managedFields: [] },
  spec: { project: 'default', source: { repoURL: 'https://git.example.com/shop.git', targetRevision: 'main' } },
  status: { health: { status: 'Healthy' } },
}

test('only what differs in what people declare is told, as it was and as it is', () => {
  const after = {
    ...application,
    metadata: { ...application.metadata, resourceVersion: '2', labels: { team: 'shop' } },
    spec: { ...application.spec, source: { ...application.spec.source, targetRevision: 'v2' } },
    status: { health: { status: 'Degraded' } },
  }
  expect(changedParts(application, after)).toEqual({
    before: { spec: { source: { targetRevision: 'main' } }, metadata: { labels: null } },
    after: { spec: { source: { targetRevision: 'v2' } }, metadata: { labels: { team: 'shop' } } },
  })
})

test('of what is new there is no before, and of what is gone no after', () => {
  expect(changedParts(undefined, application)).toEqual({ after: expect.objectContaining({ spec: application.spec }) })
  expect(changedParts(application, undefined)).toEqual({ before: expect.objectContaining({ spec: application.spec }) })
})

test('a change of nothing but what the server writes is no change', () => {
  const after = { ...application, metadata: { ...application.metadata, resourceVersion: '9' }, status: {} }
  expect(changedParts(application, after)).toEqual({})
})

const canary = 'canary-4711'
const later = 'canary-0815'
const withSource = (source: object) => ({ ...application, spec: { project: 'default', source } })
const encoded = (text: string) => Buffer.from(text).toString('base64')
const secret = (text: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'repo', annotations: { note: text } },
  data: { password: encoded(text) },
  stringData: { key: text },
})

test.each([
  ['a Helm parameter', (text: string) => withSource({ helm: { parameters: [{ name: 'password', value: text }] } })],
  ['Helm values', (text: string) => withSource({ helm: { values: `password: ${text}`, valuesObject: { a: text } } })],
  [
    'a Jsonnet variable',
    (text: string) => withSource({ directory: { jsonnet: { tlas: [{ name: 'a', value: text }] } } }),
  ],
  ['a patch', (text: string) => withSource({ kustomize: { patches: [{ patch: text }] } })],
  [
    'a plugin',
    (text: string) => withSource({ plugin: { env: [{ name: 'A', value: text }], parameters: [{ map: { a: text } }] } }),
  ],
  ['an address', (text: string) => withSource({ repoURL: `https://user:${text}@git.example.com/x` })],
  ['a local manifest', (text: string) => ({ ...application, operation: { sync: { manifests: [text] } } })],
  ['a Secret', secret],
  [
    'the annotation of kubectl',
    (text: string) => ({
      ...application,
      metadata: { ...application.metadata, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text } },
    }),
  ],
  [
    'an environment variable',
    (text: string) => ({ kind: 'Pod', spec: { containers: [{ env: [{ name: 'A', value: text }] }] } }),
  ],
])('a secret in %s is told neither when it is new, nor when it changes, nor when it goes', (_, of) => {
  const all = [
    changedParts(undefined, of(canary)),
    changedParts(of(canary), of(later)),
    changedParts(of(later), undefined),
  ]
  const text = JSON.stringify(all)
  for (const one of [canary, later]) for (const form of [one, encoded(one)]) expect(text).not.toContain(form)
})

test('that a hidden value has changed is seen, by its name', () => {
  const parameters = (value: string) => ({
    helm: {
      parameters: [
        { name: 'a', value: '1' },
        { name: 'b', value },
      ],
    },
  })
  const told = changedParts(withSource(parameters('old')), withSource(parameters('new')))
  expect(told.after).toEqual({
    spec: {
      source: {
        helm: {
          parameters: [
            { name: 'a', value: '++++++++' },
            { name: 'b', value: '++++++++++++' },
          ],
        },
      },
    },
  })
})

test('an address in a text loses its password and keeps the rest', () => {
  expect(withoutValues('created repository https://ann:pass@git.example.com/x')).toBe(
    'created repository https://++++++++@git.example.com/x',
  )
})
