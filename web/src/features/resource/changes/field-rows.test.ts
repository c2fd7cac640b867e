import { expect, test } from 'vitest'
import type { ResourceDiff } from '../../../lib/api.ts'
import { countOf, fieldGroups, valueText } from './field-rows.ts'

function diff(name: string, more: Partial<ResourceDiff>): ResourceDiff {
  const states = { targetState: '{}', liveState: '{}', normalizedLiveState: '{}', predictedLiveState: '{}' }
  return { kind: 'Deployment', namespace: 'shop', name, ...states, verdict: 'changed', drift: [], ignored: [], ...more }
}

const author = { manager: 'kubectl-scale', operation: 'Update' as const }
const diffs = [
  diff('web', {
    drift: [
      { path: 'spec.replicas', desired: 3, live: 5, author },
      { path: 'spec.paused', live: true },
    ],
    ignored: [{ path: 'metadata.labels.a', desired: 'x', live: 'y' }],
    undeclared: [{ path: 'spec.minReadySeconds', live: 3, author }],
  }),
  diff('api', { verdict: 'missing' }),
  diff('old', { verdict: 'synced' }),
]
const shown = (sort: 'drift' | 'ignored' | 'undeclared', text = '') =>
  fieldGroups(diffs, { sort, text }).map(({ diff: { name }, rows }) => [name, ...rows.map(({ path }) => path)])

test('every deviation is a row, and what is missing as a whole is one too', () => {
  expect(shown('drift')).toEqual([['web', 'spec.replicas', 'spec.paused'], ['api']])
  expect(shown('ignored')).toEqual([['web', 'metadata.labels.a']])
  expect(shown('undeclared')).toEqual([['web', 'spec.minReadySeconds']])
  expect(countOf(diffs, 'drift')).toBe(3)
  expect(countOf(diffs, 'ignored')).toBe(1)
})

test('a text is looked for in names, paths and managers', () => {
  expect(shown('drift', 'SCALE')).toEqual([['web', 'spec.replicas']])
  expect(shown('drift', 'paused')).toEqual([['web', 'spec.paused']])
  expect(shown('drift', 'api')).toEqual([['api']])
  expect(shown('drift', 'nothing')).toEqual([])
})

test('values are told as they would be written', () => {
  expect([3, true, '', 'a b', { a: [1] }, null].map(valueText)).toEqual(['3', 'true', '""', 'a b', '{"a":[1]}', 'null'])
})
