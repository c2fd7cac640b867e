import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { revisionsOf, syncRequest } from './operation.ts'
import { parseResource } from './resource-name.ts'

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
  const shop = application({ syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  expect(syncRequest(shop, { prune: true, replace: true, revision: 'v2' })).toEqual({
    revision: 'v2',
    prune: true,
    syncStrategy: { hook: { force: false } },
    syncOptions: ['CreateNamespace=true', 'Replace=true'],
  })
  expect(syncRequest(shop, { strategy: 'apply', force: true })).toEqual({ syncStrategy: { apply: { force: true } } })
})

test('what is not asked for of the retries is that of the application', () => {
  const retry = { limit: 5, backoff: { duration: '5s', maxDuration: '3m' } }
  const shop = application({ syncPolicy: { retry } })
  expect(syncRequest(shop, {}).retry).toBeUndefined()
  expect(syncRequest(shop, { retryLimit: 2, retryBackoffDuration: '1s' }).retry).toEqual({
    limit: 2,
    backoff: { duration: '1s', maxDuration: '3m' },
  })
})

test('revisions of several sources are given with their positions or names', () => {
  const { source: _, ...shop } = application().spec
  const several = application({ ...shop, sources: [source, { ...source, name: 'values' }], source: undefined })
  expect(revisionsOf(several, { revisions: ['v1'], sourceNames: ['values'] })).toEqual({ revisions: ['', 'v1'] })
  expect(revisionsOf(several, { revisions: ['a', 'b'], sourcePositions: [2, 1] })).toEqual({ revisions: ['b', 'a'] })
  expect(() => revisionsOf(several, { revisions: ['a'] })).toThrow(/as many/)
  expect(() => revisionsOf(several, { revisions: ['a'], sourcePositions: [3] })).toThrow(/there are 2/)
})
