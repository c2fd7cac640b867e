import { expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import type { Stages } from './stages.ts'
import { remainingMs } from './sync-timeout.ts'

const now = Date.parse('2026-01-01T00:01:00Z')

test.each<[string, string | undefined, number, number, number | undefined]>([
  ['no limit', undefined, 0, 0, undefined],
  ['what is left of the setting', undefined, 90_000, 0, 30_000],
  ['nothing once the time is over', undefined, 30_000, 0, 0],
  ['the whole of it for a further try', undefined, 30_000, 1, 30_000],
  ["the application's own before the setting", '2m', 30_000, 0, 60_000],
  ['no limit by the application', '0', 30_000, 0, undefined],
  ['the setting where the annotation is no duration', 'soon', 90_000, 0, 30_000],
])('a try has %s', (_, annotated, syncTimeoutMs, retryCount, expected) => {
  const annotations = annotated === undefined ? {} : { 'tiphys.dev/sync-timeout': annotated }
  const application = { metadata: { name: 'web', annotations } } as unknown as Application
  const state = { operation: {}, phase: 'Running' as const, startedAt: '2026-01-01T00:00:00Z', retryCount }
  const stages = { settings: { syncTimeoutMs }, clock: { now: () => now } } as unknown as Stages
  expect(remainingMs(application, state, stages)).toBe(expected)
})
