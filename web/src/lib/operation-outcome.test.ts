import { expect, test } from 'vitest'
import type { Application } from './api.ts'
import { newer } from './operation.ts'
import { outcomeOf } from './operation-outcome.ts'

const commit = '4d69225'.padEnd(40, '0')
const operation = { sync: { revision: commit }, initiatedBy: { username: 'ann' } }
const state = (of: object) => ({ operation, phase: 'Running', startedAt: '2026-02-03T04:05:06Z', ...of })
const application = (of: object) => of as unknown as Application

test('an operation that is not on record yet is about to begin', () => {
  const old = state({ phase: 'Succeeded', finishedAt: '2026-02-03T04:05:08Z' })
  expect(outcomeOf(application({ operation, status: { operationState: old } }))).toMatchObject({
    state: 'starting',
    by: 'ann',
    revisions: '4d69225',
  })
  expect(outcomeOf(application({}))).toBeUndefined()
})

test.each([
  [{}, 'running'],
  [{ finishedAt: '2026-02-03T04:05:08Z' }, 'retrying'],
  [{ phase: 'Terminating' }, 'terminating'],
  [{ phase: 'Succeeded', finishedAt: '2026-02-03T04:05:08Z' }, 'succeeded'],
  [{ phase: 'Error', finishedAt: '2026-02-03T04:05:08Z' }, 'failed'],
])('%j is %s', (of, expected) => {
  expect(outcomeOf(application({ operation, status: { operationState: state(of) } }))?.state).toBe(
    expected === 'succeeded' || expected === 'failed' ? 'starting' : expected,
  )
  expect(outcomeOf(application({ status: { operationState: state(of) } }))?.state).toBe(expected)
})

test('what it was, how long it took, and that somebody has ended it', () => {
  const ended = { finishedAt: '2026-02-03T04:05:16Z', phase: 'Failed', message: 'Operation terminated' }
  expect(outcomeOf(application({ status: { operationState: state(ended) } }))).toMatchObject({
    kind: 'sync',
    took: 10_000,
    wasTerminated: true,
  })
  const dry = state({ operation: { sync: { dryRun: true } } })
  expect(outcomeOf(application({ status: { operationState: dry } }))?.kind).toBe('dry run')
})

test('the newer of two is the one whose version is higher', () => {
  const version = (resourceVersion: string) => application({ metadata: { resourceVersion } })
  const [nine, ten] = [version('9'), version('10')]
  expect(newer(nine, ten)).toBe(ten)
  expect(newer(ten, nine)).toBe(ten)
  expect(newer(nine, undefined)).toBe(nine)
})
