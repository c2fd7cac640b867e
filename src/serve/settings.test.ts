import { expect, test } from 'vitest'
import { controllerSettings, liveSettings } from './settings.ts'

function settings(
  map: Record<string, string>,
  env: Record<string, string> = {},
  parameters: Record<string, string> = {},
) {
  const warnings: string[] = []
  const texts = { settings: map, parameters, env }
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

test('pauses between healings are those of argocd-cmd-params-cm, and never none', () => {
  const pauses = (set: Record<string, string>) => {
    const keys = Object.entries(set).map(([key, value]) => [`controller.self.heal.${key}`, value])
    return settings({}, {}, Object.fromEntries(keys)).selfHealBackoff
  }
  expect(pauses({})).toEqual({ firstMs: 2000, factor: 3, capMs: 300_000 })
  const given = { 'backoff.timeout.seconds': '5', 'backoff.factor': '2', 'backoff.cap.seconds': '60' }
  expect(pauses(given)).toEqual({ firstMs: 5000, factor: 2, capMs: 60_000 })
  const steady = { 'timeout.seconds': '30', 'backoff.timeout.seconds': '0' }
  expect(pauses(steady)).toEqual({ firstMs: 30_000, factor: 1, capMs: 30_000 })
  expect(pauses({ 'backoff.timeout.seconds': '0' })).toEqual({ firstMs: 1000, factor: 1, capMs: 1000 })
  expect(pauses({ 'backoff.factor': 'much' })).toMatchObject({ factor: 3 })
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

test('how objects are tracked is read, and a method that does not exist is reported', () => {
  const key = 'application.resourceTrackingMethod'
  expect(settings({}).tracking).toEqual({
    method: 'annotation',
    labelKey: 'app.kubernetes.io/instance',
    installationId: '',
  })
  const map = { [key]: 'annotation+label', 'application.instanceLabelKey': 'example.com/app', installationID: 'one' }
  expect(settings(map).tracking).toEqual({
    method: 'annotation+label',
    labelKey: 'example.com/app',
    installationId: 'one',
  })
  const { tracking, warnings } = settings({ [key]: 'magic' })
  expect(tracking.method).toBe('annotation')
  expect(warnings).toEqual([expect.stringMatching(/magic, which is none of/)])
})

test.each([
  [{}, 'off'],
  [{ 'application.sync.impersonation.enforced': 'false' }, 'off'],
  [{ 'application.sync.impersonation.enabled': 'true' }, 'always'],
  [
    { 'application.sync.impersonation.enabled': 'true', 'application.sync.impersonation.enforced': 'false' },
    'where named',
  ],
] as const)('with %j service accounts act %s', (map, expected) => {
  expect(settings(map).impersonation).toBe(expected)
})

test('global projects are read, and what cannot be read is reported and means none', () => {
  const text = '- {projectName: base, labelSelector: {matchLabels: {tier: team}}}\n'
  expect(settings({ globalProjects: text }).globalProjects).toEqual([
    { projectName: 'base', labelSelector: { matchLabels: { tier: 'team' } } },
  ])
  const { globalProjects, warnings } = settings({ globalProjects: 'base' })
  expect(globalProjects).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/globalProjects/)])
})

test.each([
  [{}, ['https', 'http']],
  [{ 'helm.valuesFileSchemes': 'secrets, HTTPS' }, ['secrets', 'https']],
  [{ 'helm.valuesFileSchemes': '' }, []],
])('with %j value files are read from addresses of %j', (map, schemes) => {
  expect(settings(map as Record<string, string>).valuesFileSchemes).toEqual(schemes)
})
