import { expect, test } from 'vitest'
import type { Application, OperationState } from '../model/index.ts'
import { historyAfter } from './history.ts'

function application(count: number, revisionHistoryLimit?: number): Application {
  const history = Array.from({ length: count }, (_, id) => ({
    id,
    revision: `r${id}`,
    deployedAt: '2026-01-01T00:00:00Z',
  }))
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { project: 'default', destination: {}, ...(revisionHistoryLimit !== undefined && { revisionHistoryLimit }) },
    status: { history },
  }
}

const state = (sync: object = {}, phase: OperationState['phase'] = 'Succeeded'): OperationState => ({
  operation: { sync, initiatedBy: { automated: true } },
  phase,
  startedAt: '2026-01-02T00:00:00Z',
  finishedAt: '2026-01-02T00:00:09Z',
  syncResult: { revision: 'new' },
})

test('a whole successful sync is recorded under the next id', () => {
  expect(historyAfter(application(2), state())?.at(-1)).toEqual({
    id: 2,
    revision: 'new',
    deployStartedAt: '2026-01-02T00:00:00Z',
    deployedAt: '2026-01-02T00:00:09Z',
    initiatedBy: { automated: true },
  })
})

test('the oldest entries make room: ten are kept unless the application says otherwise', () => {
  expect(historyAfter(application(10), state())?.map((entry) => entry.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(historyAfter(application(3, 2), state())?.map((entry) => entry.id)).toEqual([2, 3])
  expect(historyAfter(application(3, 0), state())).toEqual([])
})

test.each<[string, OperationState]>([
  ['a failed sync', state({}, 'Failed')],
  ['a dry run', state({ dryRun: true })],
  ['a preflight', state({ preflightOnly: true })],
  ['a sync of chosen resources', state({ resources: [] })],
])('%s is not recorded', (_, finished) => {
  expect(historyAfter(application(2), finished)).toHaveLength(2)
})

test('the entry that the application is pinned to is kept beyond the limit', () => {
  const pinned = { ...application(3, 2), metadata: { name: 'web', annotations: { 'tiphys.dev/pin': '{"id":0}' } } }
  expect(historyAfter(pinned, state())?.map(({ id }) => id)).toEqual([0, 2, 3])
})
