import { expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { approval, cascades, entryToReturnTo, isUnderWay, pinned, rollbackOperation, syncOperation } from './index.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' }
const deployed = (id: number, revision: string) => ({ id, revision, source, deployedAt: '2026-01-01T00:00:00Z' })
const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web' },
  spec: {
    project: 'default',
    destination: { name: 'in-cluster' },
    source,
    syncPolicy: { syncOptions: ['CreateNamespace=true'], retry: { limit: 3 } },
  },
  status: { history: [deployed(4, 'aaa'), deployed(5, 'bbb')] },
}

test('a sync takes the options and the retries of the application unless it brings its own', () => {
  expect(syncOperation(application.spec, { prune: true }, 'ann')).toEqual({
    sync: { prune: true, syncStrategy: { hook: {} }, syncOptions: ['CreateNamespace=true'] },
    initiatedBy: { username: 'ann' },
    retry: { limit: 3 },
  })
  const own = { syncOptions: [], retry: { limit: 1 }, syncStrategy: { apply: { force: true } } }
  expect(syncOperation(application.spec, own, 'ann')).toEqual({
    sync: { syncStrategy: { apply: { force: true } } },
    initiatedBy: { username: 'ann' },
    retry: { limit: 1 },
  })
})

test('an empty choice of resources is a sync of everything', () => {
  expect(syncOperation(application.spec, { resources: [] }, 'ann').sync).not.toHaveProperty('resources')
})

test('a rollback goes to the entry that is named, or to the one before the last, at just that revision', () => {
  const entry = entryToReturnTo(application, undefined)
  expect(entry?.id).toBe(4)
  expect(entryToReturnTo(application, 9)).toBeUndefined()
  expect(rollbackOperation(application, { entry: entry ?? deployed(0, '') }, 'ann').sync).toEqual({
    revision: 'aaa',
    source: { ...source, targetRevision: 'aaa' },
    syncStrategy: { apply: {} },
    syncOptions: ['CreateNamespace=true'],
  })
})

test('a rollback of several sources has each at its revision', () => {
  const entry = { id: 1, deployedAt: '', revisions: ['a', 'b'], sources: [source, { ...source, path: 'api' }] }
  expect(rollbackOperation(application, { entry }, 'ann').sync).toMatchObject({
    revisions: ['a', 'b'],
    sources: [{ targetRevision: 'a' }, { targetRevision: 'b', path: 'api' }],
  })
})

test('a pin says to what, by whom and when', () => {
  const now = new Date('2026-02-03T04:05:06.789Z')
  expect(pinned(deployed(5, 'bbb'), { username: 'ann', now })).toEqual({
    metadata: { annotations: { 'tiphys.dev/pin': '{"id":5,"by":"ann","at":"2026-02-03T04:05:06Z"}' } },
  })
  expect(approval(now)).toEqual({
    metadata: { annotations: { 'argocd.argoproj.io/deletion-approved': '2026-02-03T04:05:06.789Z' } },
  })
})

const own = 'resources-finalizer.argocd.argoproj.io'

test.each([
  ['default', ['x', own]],
  ['foreground', ['x', `${own}/foreground`]],
  ['background', ['x', `${own}/background`]],
  ['orphan', ['x']],
] as const)('%s: one finalizer says what becomes of the resources, and others stay', (propagation, expected) => {
  expect(cascades(['x', `${own}/foreground`], propagation)).toEqual(expected)
})

test.each([
  [{}, false],
  [{ operation: {} }, true],
  [{ status: { operationState: { phase: 'Succeeded' } } }, false],
  [{ status: { operationState: { phase: 'Terminating' } } }, true],
])('%j: something is under way or not', (state, expected) => {
  expect(isUnderWay(state as Application)).toBe(expected)
})
