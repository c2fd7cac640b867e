import { expect, test } from 'vitest'
import type { Application, PlannedStep } from '../../lib/api.ts'
import { stepKey } from '../../lib/sync-plan.ts'
import { includedSteps, planRequest, syncRequest, usualChoices, withOption } from './choices.ts'
import { destroyedBy } from './destroyed.ts'

function application(spec: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: { project: 'default', destination: {}, source: { repoURL: 'https://git.example/a' }, ...spec },
  } as Application
}
const step = (of: Partial<PlannedStep>): PlannedStep => ({
  ...{
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name: 'a',
    verb: 'apply',
    phase: 'Sync',
    wave: 0,
  },
  ...{ comparison: 'changed', drift: [], ignored: [] },
  ...of,
})

test('nothing chosen asks for nothing beyond what the application declares', () => {
  const app = application({ syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  expect(planRequest(app, usualChoices(app))).toEqual({})
})

test('pruning is chosen from the start where automated sync prunes', () => {
  const app = application({ syncPolicy: { automated: { prune: true, enabled: false } } })
  expect(planRequest(app, usualChoices(app))).toEqual({ prune: true })
})

test('an option that differs is sent with those of the application, and one that was put back is not', () => {
  const app = application({ syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  const replacing = withOption(app, usualChoices(app), 'Replace', 'true')
  expect(planRequest(app, replacing)).toEqual({ syncOptions: { items: ['CreateNamespace=true', 'Replace=true'] } })
  expect(planRequest(app, withOption(app, replacing, 'Replace', 'false'))).toEqual({})
  expect(withOption(app, usualChoices(app), 'Validate', 'true').options).toEqual({})
})

test('force and apply only are one strategy', () => {
  const app = application()
  const choices = usualChoices(app)
  expect(planRequest(app, { ...choices, force: true })).toEqual({ strategy: { hook: { force: true } } })
  expect(planRequest(app, { ...choices, applyOnly: true })).toEqual({ strategy: { apply: {} } })
  expect(planRequest(app, { ...choices, applyOnly: true, force: true })).toEqual({
    strategy: { apply: { force: true } },
  })
})

test('of several sources only those with another revision are named, by their position', () => {
  const app = application({ source: undefined, sources: [{ repoURL: 'a' }, { repoURL: 'b' }] })
  const choices = { ...usualChoices(app), revisions: ['', ' v2 '] }
  expect(planRequest(app, choices)).toEqual({ revisions: ['v2'], sourcePositions: [2] })
  const single = application()
  expect(planRequest(single, { ...usualChoices(single), revisions: ['main'] })).toEqual({ revision: 'main' })
})

test('chosen resources leave out hooks and what was excluded', () => {
  const app = application()
  const steps = [step({}), step({ name: 'b' }), step({ kind: 'Job', verb: 'hook' })]
  const included = includedSteps(steps, new Set([stepKey(step({}))]))
  expect(syncRequest(app, { ...usualChoices(app), dryRun: true, retries: 2 }, included)).toEqual({
    resources: [{ kind: 'ConfigMap', name: 'b', namespace: 'shop' }],
    dryRun: true,
    retryStrategy: { limit: 2 },
  })
})

test('what is destroyed is named, and what goes with it', () => {
  const prune = { verb: 'prune', comparison: 'extra' } as const
  const steps = [
    step({ kind: 'PersistentVolumeClaim', name: 'data', ...prune }),
    step({ name: 'old', ...prune, kept: 'ignored (no prune)' }),
    step({ name: 'b', replaced: true, forced: true }),
    step({ name: 'c', forced: true }),
    step({ name: 'd', forced: true, comparison: 'missing' }),
  ]
  expect(destroyedBy(steps)).toEqual({
    pruned: ['PersistentVolumeClaim data'],
    withMore: [{ name: 'PersistentVolumeClaim data', what: 'data' }],
    replaced: ['ConfigMap b'],
    forced: ['ConfigMap c'],
  })
})
