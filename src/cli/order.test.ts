import { expect, test } from 'vitest'
import { planSync } from '../sync/index.ts'
import { linesOf } from './order.ts'

test('what is done at once has one number, and the phases follow each other', () => {
  const object = (kind: string, name: string, annotations = {}) => ({
    object: { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop', annotations } },
  })
  const plan = planSync({
    instanceName: 'shop',
    manifests: [
      object('Service', 'web'),
      object('ConfigMap', 'b'),
      object('ConfigMap', 'a'),
      object('Pod', 'failed', { 'argocd.argoproj.io/hook': 'SyncFail' }),
      object('Pod', 'before', { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': '-1' }),
    ],
    live: [],
    operation: {},
    revision: '',
    startedAt: '2026-01-01T00:00:00Z',
  })
  expect(linesOf(plan).map(({ step, phase, wave, action, name }) => [step, phase, wave, action, name])).toEqual([
    [1, 'PreSync', -1, 'hook', 'before'],
    [2, 'Sync', 0, 'apply', 'a'],
    [2, 'Sync', 0, 'apply', 'b'],
    [3, 'Sync', 0, 'apply', 'web'],
    [4, 'SyncFail', 0, 'hook', 'failed'],
  ])
})
