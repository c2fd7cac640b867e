import { expect, test } from 'vitest'
import { StageError } from '../model/index.ts'
import { conditionsFrom, findingOf } from './conditions.ts'

const now = new Date('2026-01-01T12:00:00.123Z')

test('an error becomes the condition of its stage, and one of no stage is unknown', () => {
  expect(findingOf(new StageError('source', 'no such branch', { retry: false }))).toEqual({
    type: 'ComparisonError',
    message: 'no such branch',
  })
  expect(findingOf(new StageError('spec', 'x', { retry: false })).type).toBe('InvalidSpecError')
  expect(findingOf(new TypeError('x is undefined'))).toEqual({ type: 'UnknownError', message: 'x is undefined' })
})

test('findings of one type share a condition, each message once', () => {
  const findings = ['a', 'b', 'a'].map((message) => ({ type: 'SharedResourceWarning' as const, message }))
  expect(conditionsFrom(findings, [], now)).toEqual([
    { type: 'SharedResourceWarning', message: 'a\nb', lastTransitionTime: '2026-01-01T12:00:00Z' },
  ])
})

test('a condition keeps its time while its message stays', () => {
  const old = { type: 'SyncError' as const, message: 'a', lastTransitionTime: '2025-01-01T00:00:00Z' }
  expect(conditionsFrom([{ type: 'SyncError', message: 'a' }], [old], now)).toEqual([old])
  expect(conditionsFrom([{ type: 'SyncError', message: 'b' }], [old], now)[0]?.lastTransitionTime).toBe(
    '2026-01-01T12:00:00Z',
  )
})
