import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { parseResource, syncOperation } from './operation.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web' }

function application(spec: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { project: 'default', destination: { name: 'in-cluster' }, source, ...spec },
  }
}

test.each([
  ['apps:Deployment:web', { group: 'apps', kind: 'Deployment', name: 'web' }],
  [':Service:shop/web', { kind: 'Service', namespace: 'shop', name: 'web' }],
  ['!batch:Job:migrate', { group: 'batch', kind: 'Job', name: 'migrate', exclude: true }],
])('%s names a resource', (text, resource) => {
  expect(parseResource(text)).toEqual(resource)
})

test.each(['Deployment/web', 'apps:Deployment', 'a:b:c:d', 'apps::web'])('%s names none', (text) => {
  expect(() => parseResource(text)).toThrow(/GROUP:KIND:NAME/)
})

test('a sync carries the options of the application and those asked for', () => {
  const operation = syncOperation(
    application({ syncPolicy: { syncOptions: ['CreateNamespace=true'] } }),
    { prune: true, replace: true, revision: 'v2' },
    'somebody',
  )
  expect(operation.sync).toEqual({
    revision: 'v2',
    prune: true,
    syncStrategy: { hook: { force: false } },
    syncOptions: ['CreateNamespace=true', 'Replace=true'],
  })
  expect(operation.initiatedBy).toEqual({ username: 'somebody' })
})
