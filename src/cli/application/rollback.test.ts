import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { rollbackOf } from './rollback.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' }
const by = { username: 'ann', now: new Date('2026-02-03T04:05:06.789Z') }

function application(syncPolicy: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { project: 'default', destination: { name: 'in-cluster' }, source, syncPolicy },
    status: {
      history: [
        { id: 4, revision: 'aaa', source, deployedAt: '2026-01-01T00:00:00Z' },
        { id: 5, revision: 'bbb', source, deployedAt: '2026-01-02T00:00:00Z' },
      ],
    },
  }
}

test('a rollback without an id goes to what was deployed before the last, at just that revision, without hooks', () => {
  const { operation, pin } = rollbackOf(application(), {}, by)
  expect(operation.sync).toEqual({
    revision: 'aaa',
    source: { ...source, targetRevision: 'aaa' },
    syncStrategy: { apply: {} },
  })
  expect(pin).toBeUndefined()
})

test('hooks run when they are asked for', () => {
  expect(rollbackOf(application(), { hooks: true }, by).operation.sync?.syncStrategy).toEqual({ hook: {} })
})

test('with automated sync the rollback is pinned, and says to what, by whom and when', () => {
  const { pin } = rollbackOf(application({ automated: {} }), { id: 5 }, by)
  expect(pin?.id).toBe(5)
  expect(pin?.patch).toEqual({
    metadata: { annotations: { 'tiphys.dev/pin': '{"id":5,"by":"ann","at":"2026-02-03T04:05:06Z"}' } },
  })
  expect(rollbackOf(application({ automated: { enabled: false } }), {}, by).pin).toBeUndefined()
  expect(rollbackOf(application(), { pin: true }, by).pin?.id).toBe(4)
})

test('a trial pins nothing', () => {
  expect(rollbackOf(application({ automated: {} }), { dryRun: true }, by).pin).toBeUndefined()
})

test('without a pin it is refused while automated sync would undo it, and says what to do', () => {
  expect(() => rollbackOf(application({ automated: {} }), { pin: false }, by)).toThrow(
    /tiphys app set web --sync-policy none/,
  )
})

test('an unknown entry is answered with those there are', () => {
  expect(() => rollbackOf(application(), { id: 9 }, by)).toThrow(/no history entry 9; there are: 4, 5/)
})
