import { expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { seriesText } from './application-series.ts'
import { statesOf } from './application-states.ts'

const application = (name: string, rest: object = {}): Application =>
  ({
    metadata: { name, namespace: 'argocd' },
    spec: { project: 'default', destination: { name: 'far', namespace: 'shop' } },
    ...rest,
  }) as Application

function told(applications: Application[]): Promise<string> {
  const families = statesOf({
    liveObjects: () => 1,
    orphaned: () => undefined,
    destination: () => 'https://far.example.com',
    isOurs: ({ metadata }) => !metadata.name.startsWith('other'),
  })
  return seriesText(families, applications)
}

test('an application that names its cluster is told of with the address', async () => {
  expect(await told([application('shop')])).toContain('dest_server="https://far.example.com",dest_namespace="shop"')
})

test('what is under way is a deletion, a sync or nothing', async () => {
  const text = await told([
    application('goes', {
      metadata: { name: 'goes', namespace: 'argocd', deletionTimestamp: 'x' },
      operation: { sync: {} },
    }),
    application('syncs', { operation: { sync: {} } }),
    application('rests', { operation: {} }),
  ])
  const operations = [...text.matchAll(/^argocd_app_info\{.*name="(\w+)".*operation="(\w*)"/gm)]
  expect(operations.map(([, name, operation]) => [name, operation])).toEqual([
    ['goes', 'delete'],
    ['syncs', 'sync'],
    ['rests', ''],
  ])
})

test('conditions are told of with the project', async () => {
  const conditions = [{ type: 'SyncError', message: 'x' }]
  expect(await told([application('shop', { status: { conditions } })])).toContain(
    'argocd_app_condition{namespace="argocd",name="shop",project="default",condition="SyncError"} 1',
  )
})

test('of an application that another process looks after nothing is told', async () => {
  expect(await told([application('other'), application('shop')])).not.toContain('other')
})

test('metrics, which anybody may read, name a repository without the password in its address', async () => {
  const source = { repoURL: 'https://ann:secret@git.example.com/a', path: '.' }
  const text = await told([application('shop', { spec: { project: 'default', destination: {}, source } })])
  expect(text).not.toContain('secret')
  expect(text).toContain('repo="https://git.example.com/a"')
})
