import { expect, test } from 'vitest'
import { controllerSettings, liveSettings } from './settings.ts'

function settings(map: Record<string, string>, env: Record<string, string> = {}) {
  const warnings: string[] = []
  const texts = { settings: map, parameters: {}, env }
  return { warnings, ...controllerSettings(texts, (message) => warnings.push(message)) }
}

test("without settings Argo CD's defaults count", () => {
  expect(settings({})).toMatchObject({
    pollIntervalMs: 120_000,
    jitterMs: 60_000,
    hardPollIntervalMs: 0,
    syncWaveDelayMs: 2000,
  })
})

test('argocd-cm and the environment are read', () => {
  const map = { 'timeout.reconciliation': '3m', 'timeout.reconciliation.jitter': '0' }
  expect(settings(map, { ARGOCD_SYNC_WAVE_DELAY: '5' })).toMatchObject({
    pollIntervalMs: 180_000,
    jitterMs: 0,
    syncWaveDelayMs: 5000,
  })
})

test('a value that is no duration is reported, and the default counts', () => {
  const { warnings, pollIntervalMs } = settings({ 'timeout.reconciliation': 'often' })
  expect(pollIntervalMs).toBe(120_000)
  expect(warnings[0]).toMatch(/timeout\.reconciliation is "often"/)
})

test('what is watched is read from argocd-cm, as YAML lists of globs', () => {
  const map: Record<string, string> = {
    'resource.exclusions': '- kinds: [Endpoints]\n  apiGroups: [""]\n',
    'resource.inclusions': '',
  }
  expect(liveSettings((key) => map[key], expect.unreachable)).toEqual({
    exclusions: [{ kinds: ['Endpoints'], apiGroups: [''] }],
    inclusions: [],
  })
  expect(liveSettings(() => undefined, expect.unreachable)).toEqual({})
})

for (const text of ['kinds: [A]', '- kinds: A', '- names: [a]', '- [', '- null'])
  test(`${JSON.stringify(text)} is no list of exclusions: it is reported, and the default counts`, () => {
    const warnings: string[] = []
    const read = (key: string) => (key === 'resource.exclusions' ? text : undefined)
    expect(liveSettings(read, (message) => warnings.push(message))).toEqual({})
    expect(warnings[0]).toMatch(/resource\.exclusions/)
  })
