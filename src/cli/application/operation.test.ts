import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { parseResource, rollbackOperation, syncOperation } from './operation.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web' }

function application(spec: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { project: 'default', destination: { name: 'in-cluster' }, source, ...spec },
    status: {
      history: [
        { id: 4, revision: 'aaa', source, deployedAt: '2026-01-01T00:00:00Z' },
        { id: 5, revision: 'bbb', source, deployedAt: '2026-01-02T00:00:00Z' },
      ],
    },
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

test('a rollback without an id goes to the revision before the last, without hooks', () => {
  expect(rollbackOperation(application(), { username: 'somebody' }).sync).toEqual({
    revision: 'aaa',
    source,
    syncStrategy: { apply: {} },
  })
})

test('a rollback is refused while automated sync would undo it, and says what to do', () => {
  const automated = application({ syncPolicy: { automated: {} } })
  expect(() => rollbackOperation(automated, { username: 'x' })).toThrow(/tiphys app set web --sync-policy none/)
  const off = application({ syncPolicy: { automated: { enabled: false } } })
  expect(rollbackOperation(off, { username: 'x' }).sync?.revision).toBe('aaa')
})

test('a rollback to an unknown entry names those there are', () => {
  expect(() => rollbackOperation(application(), { id: 9, username: 'x' })).toThrow(
    /no history entry 9; there are: 4, 5/,
  )
})
