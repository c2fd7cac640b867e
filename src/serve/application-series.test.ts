import { expect, test } from 'vitest'
import type { Application, OperationState } from '../model/index.ts'
import { ApplicationCosts } from './application-costs.ts'
import { type Family, seriesText } from './application-series.ts'

const application = (name: string): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: { project: 'default', destination: {} },
})

const family = (name: string, samples: Family['samples']): Family => ({ name, help: name, type: 'gauge', samples })

test('each family is one block, and what is in a label is escaped', async () => {
  const families = [
    family('a', ({ metadata: { name } }) => [{ labels: { name }, value: 1 }]),
    family('b', () => [{ labels: { text: 'a "quoted"\n\\path' }, value: 0.5 }]),
    family('none', () => []),
  ]
  expect(await seriesText(families, [application('x'), application('y')])).toBe(`# HELP a a
# TYPE a gauge
a{name="x"} 1
a{name="y"} 1

# HELP b b
# TYPE b gauge
b{text="a \\"quoted\\"\\n\\\\path"} 0.5
b{text="a \\"quoted\\"\\n\\\\path"} 0.5

# HELP none none
# TYPE none gauge
`)
})

test('ten thousand applications keep nobody else waiting', async () => {
  const slow = family('slow', ({ metadata: { name } }) => {
    const until = performance.now() + 0.01
    while (performance.now() < until);
    return [{ labels: { name }, value: 1 }]
  })
  let turns = 0
  let isDone = false
  const others = () => {
    turns++
    if (!isDone) setImmediate(others)
  }
  setImmediate(others)
  await seriesText(
    [slow],
    Array.from({ length: 10_000 }, (_, index) => application(`app-${index}`)),
  )
  isDone = true
  expect(turns).toBeGreaterThan(10)
})

test('what an application has cost goes with it', async () => {
  const costs = new ApplicationCosts({ instanceOf: ({ metadata }) => metadata.name, destination: () => 'here' })
  const state = (phase: OperationState['phase']): OperationState => ({
    operation: {},
    phase,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:02Z',
  })
  costs.looked('x', 0.5)
  for (const phase of ['Succeeded', 'Succeeded', 'Failed'] as const) costs.synced('x', state(phase))
  costs.looked('gone', 1)
  const text = () => seriesText(costs.families(), [application('x'), application('gone')])
  const labels = (name: string) => `{namespace="argocd",name="${name}",project="default",dest_server="here"`
  expect(await text()).toContain(`tiphys_app_looks_total${labels('gone')}} 1`)
  costs.keepOnly([application('x')])
  expect(await text()).not.toContain('gone')
  expect(await text()).toContain(`argocd_app_sync_duration_seconds_total${labels('x')}} 6`)
  expect(await text()).toContain(`argocd_app_sync_total${labels('x')},phase="Succeeded",dry_run="false"} 2`)
  expect(await text()).toContain(`argocd_app_sync_total${labels('x')},phase="Failed",dry_run="false"} 1`)
})
