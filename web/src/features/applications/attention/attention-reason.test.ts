import { expect, test } from 'vitest'
import type { FieldDrift } from '../../../lib/api.ts'
import type { Row } from '../rows/rows.ts'
import { fieldReason, reasonOf, shown } from './attention-reason.ts'

const row = (status: object): Row => ({ metadata: { name: 'shop' }, spec: { project: 'default' }, status }) as Row

test('a degraded one tells what the cluster says, since when, and after which commit', () => {
  const health = {
    status: 'Degraded',
    message: 'Deployment api → Pod api-7f:\n ImagePullBackOff: no such image',
    lastTransitionTime: 't1',
  }
  const operationState = { phase: 'Succeeded', syncResult: { revision: 'abc' } }
  expect(reasonOf(row({ health, operationState }))).toEqual({
    standing: 'degraded',
    text: 'Deployment api → Pod api-7f: ImagePullBackOff',
    message: 'ImagePullBackOff: no such image',
    since: 't1',
    revision: 'abc',
  })
})

test('a failed sync tells its message, and a condition its type', () => {
  const operationState = { phase: 'Failed', message: 'denied', finishedAt: 't2' }
  expect(reasonOf(row({ operationState }))).toEqual({ standing: 'failed', text: 'denied', since: 't2' })
  const conditions = [
    { type: 'SyncWindowWarning', message: 'closed' },
    { type: 'ComparisonError', message: 'no such path', lastTransitionTime: 't3' },
  ]
  expect(reasonOf(row({ conditions }))).toEqual({
    standing: 'error',
    text: 'ComparisonError: no such path',
    since: 't3',
  })
})

test('a long message is cut in the sentence, and whole beside it', () => {
  const message = 'helm template has failed because of this, '.repeat(20).trim()
  const reason = reasonOf(row({ operationState: { phase: 'Failed', message } }))
  expect(reason.text?.length).toBeLessThanOrEqual(141)
  expect(reason.text).toMatch(/^helm template has failed.*…$/)
  expect(reason.message).toBe(message)
})

const field = (path: string, manager?: string, time?: string): FieldDrift => ({
  path,
  desired: 3,
  live: 5,
  ...(manager && { author: { manager, operation: 'Update', ...(time && { time }) } }),
})

test('what somebody has changed last is told before what Git has changed', () => {
  const fields = [
    field('spec.a', 'argocd-controller', '2026-01-03'),
    field('spec.b', 'kubectl-edit', '2026-01-01'),
    field('spec.replicas', 'kubectl-scale', '2026-01-02'),
  ]
  expect(fieldReason(fields)).toEqual({
    path: 'spec.replicas',
    from: '3',
    to: '5',
    author: 'kubectl-scale',
    time: '2026-01-02',
    others: 2,
  })
})

test('what Git has changed goes from what there is to what is declared', () => {
  expect(fieldReason([field('spec.a', 'argocd-controller', 't')])).toEqual({
    path: 'spec.a',
    from: '5',
    to: '3',
    others: 0,
  })
  expect(fieldReason([])).toBeUndefined()
})

test('values are short', () => {
  expect(shown(undefined)).toBe('∅')
  expect(shown({ a: [1] })).toBe('{"a":[1]}')
  expect(shown('x'.repeat(200))).toHaveLength(48)
})
