import { describe, expect, test } from 'vitest'
import type { Application, OperationState } from '../model/index.ts'
import { askedFor, operationRevisions, startedState, withEnded, withRevisions } from './operation-state.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web' }
const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web' },
  spec: { project: 'default', destination: {}, source },
}
const state: OperationState = { operation: { sync: {} }, phase: 'Running', startedAt: '2026-01-01T00:00:00Z' }
const ended: OperationState = {
  ...state,
  phase: 'Succeeded',
  finishedAt: '2026-01-01T00:00:09Z',
  syncResult: { revision: 'abc' },
}

describe('the start of an operation', () => {
  const startOf = (now: string, before?: string) => {
    const status = before ? { operationState: { ...ended, startedAt: before } } : {}
    return startedState({ ...application, status }, { sync: {} }, new Date(now)).startedAt
  }

  test('is now', () => {
    expect(startOf('2026-01-01T00:00:05.900Z')).toBe('2026-01-01T00:00:05Z')
    expect(startOf('2026-01-01T00:00:05.900Z', '2026-01-01T00:00:04Z')).toBe('2026-01-01T00:00:05Z')
  })

  test('is never that of the one before', () => {
    expect(startOf('2026-01-01T00:00:05.900Z', '2026-01-01T00:00:05Z')).toBe('2026-01-01T00:00:06Z')
    expect(startOf('2026-01-01T00:00:05.900Z', '2026-01-01T00:00:06Z')).toBe('2026-01-01T00:00:07Z')
  })

  test('does not follow a clock that is wrong', () => {
    expect(startOf('2026-01-01T00:00:05Z', '2026-01-01T01:00:00Z')).toBe('2026-01-01T00:00:05Z')
  })
})

describe('the end of an operation', () => {
  test('takes the operation away and makes history', () => {
    const after = withEnded({ ...application, operation: { sync: {} } }, ended)
    expect(after.operation).toBeUndefined()
    expect(after.status).toMatchObject({ operationState: ended, history: [{ revision: 'abc' }] })
  })

  test('that is on record already makes no history again, and leaves the next operation alone', () => {
    const after = withEnded(withEnded({ ...application, operation: { sync: {} } }, ended), ended)
    expect(after.status?.history).toHaveLength(1)
    const next = { sync: { revision: 'def' } }
    expect(withEnded({ ...after, operation: next }, ended).operation).toEqual(next)
  })
})

describe('the revisions of an operation', () => {
  test.each<[string, Partial<OperationState>, string[] | undefined]>([
    ['the newest, when nobody names one', {}, undefined],
    ['those that are asked for', { operation: { sync: { revision: 'abc' } } }, ['abc']],
    ['those of several sources', { operation: { sync: { revisions: ['a', 'b'] } } }, ['a', 'b']],
    ['those that it began with', { syncResult: { revision: 'abc' } }, ['abc']],
    ['those that it began with, in a further try', { retryCount: 1, syncResult: { revision: 'abc' } }, ['abc']],
    [
      'the newest in a further try with refresh',
      { retryCount: 1, syncResult: { revision: 'abc' }, operation: { sync: {}, retry: { refresh: true } } },
      undefined,
    ],
    [
      'those that it began with in its first try, with refresh too',
      { syncResult: { revision: 'abc' }, operation: { sync: {}, retry: { refresh: true } } },
      ['abc'],
    ],
  ])('are %s', (_, more, revisions) => {
    expect(operationRevisions({ ...state, ...more })).toEqual(revisions)
  })

  test('are kept with their sources', () => {
    const kept = withRevisions(state, { application, revisions: ['abc'] })
    expect(kept.syncResult).toEqual({ revision: 'abc', source })
  })
})

test('an operation that ends before a revision is found out says what was asked for', () => {
  expect(askedFor({})).toEqual({ revision: '' })
  expect(askedFor({ sync: { revision: 'main' } })).toEqual({ revision: 'main' })
  expect(askedFor({ sync: { revisions: ['a', 'b'] } })).toEqual({ revision: '', revisions: ['a', 'b'] })
})
