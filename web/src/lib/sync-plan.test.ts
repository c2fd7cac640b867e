import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlannedStep, ResourceResult } from './api.ts'
import { effectOf, progressOfAll, restartsPods, stepKey, stepsOfResults, tallyOf, wavesOf } from './sync-plan.ts'
import { pendingOf, planButton, planSentence, syncButton } from './sync-words.ts'

const step = (of: Partial<PlannedStep> = {}): PlannedStep => ({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'config',
  verb: 'apply',
  phase: 'Sync',
  wave: 0,
  comparison: 'changed',
  drift: [],
  ignored: [],
  ...of,
})
const created = step({ name: 'new', comparison: 'missing' })
const pruned = step({ name: 'old', verb: 'prune', comparison: 'extra' })
const kept = step({ name: 'older', verb: 'prune', comparison: 'extra', kept: 'ignored (requires pruning)' })
const hook = step({ kind: 'Job', name: 'migrate', verb: 'hook', phase: 'PreSync' })
const template = { path: 'spec.template.spec.containers[name=web].image', desired: 'b', live: 'a' }
const restarted = step({ group: 'apps', kind: 'Deployment', name: 'web', drift: [template] })

const anyStep = fc.record({
  name: fc.string({ minLength: 1, maxLength: 5 }),
  verb: fc.constantFrom<PlannedStep['verb']>('apply', 'prune', 'hook'),
  phase: fc.constantFrom<PlannedStep['phase']>('PreSync', 'Sync', 'PostSync'),
  wave: fc.integer({ min: -2, max: 2 }),
  comparison: fc.constantFrom<PlannedStep['comparison']>('missing', 'changed', 'synced', 'refused', 'unknown'),
})

test('each step has one effect', () => {
  expect([created, step(), step({ comparison: 'synced' }), pruned, kept, hook].map(effectOf)).toEqual([
    'create',
    'change',
    'unchanged',
    'prune',
    'keep',
    'run',
  ])
  expect(effectOf(step({ comparison: 'refused' }))).toBe('change')
})

test('another Pod template restarts Pods; other fields, and templates of what is new, do not', () => {
  expect(restartsPods(restarted)).toBe(true)
  expect(restartsPods({ ...restarted, drift: [{ path: 'spec.replicas' }] })).toBe(false)
  expect(restartsPods({ ...restarted, drift: [{ path: 'spec.templateName' }] })).toBe(false)
  expect(restartsPods({ ...restarted, comparison: 'missing' })).toBe(false)
  expect(restartsPods({ ...restarted, group: 'batch', kind: 'CronJob' })).toBe(false)
})

describe('waves', () => {
  test('are in the order of the plan, and say whether their phase has others', () => {
    const waves = wavesOf([hook, pruned, created, step({ wave: 1 }), step({ phase: 'PostSync', verb: 'hook' })])
    expect(waves.map(({ phase, wave, isOneOfSeveral, steps }) => [phase, wave, isOneOfSeveral, steps.length])).toEqual([
      ['PreSync', 0, false, 1],
      ['Sync', 0, true, 2],
      ['Sync', 1, true, 1],
      ['PostSync', 0, false, 1],
    ])
  })

  test('what nothing is done to stands apart, unless it would be refused', () => {
    const same = step({ comparison: 'synced' })
    const [wave] = wavesOf([same, kept, { ...same, name: 'bad', check: 'refused' }])
    expect(wave?.idle).toEqual([same, kept])
    expect(wave?.steps.map(({ name }) => name)).toEqual(['bad'])
  })

  test('lose and repeat nothing', () => {
    fc.assert(
      fc.property(fc.array(anyStep), (parts) => {
        const steps = parts.map((part) => step(part))
        const found = wavesOf(steps).flatMap((wave) => [...wave.steps, ...wave.idle])
        expect(new Set(found)).toEqual(new Set(steps))
        expect(found.length).toBe(steps.length)
      }),
    )
  })
})

describe('in words', () => {
  const tally = tallyOf([created, { ...created, name: 'other' }, step(), restarted, pruned, kept, hook])

  test('a plan is a sentence', () => {
    expect(planSentence('en', tally)).toBe('Will create 2, change 2 (1 restarts Pods), prune 1, run 1 hook')
    expect(planSentence('fr', tally)).toBe(
      'Va créer 2, modifier 2 (dont 1 redémarre des Pods), supprimer 1, exécuter 1 hook',
    )
    expect(planSentence('en', tallyOf([step({ comparison: 'synced' })]))).toBe('Everything is as Git declares it')
  })

  test('the button says what it will do', () => {
    expect(planButton('en', tally)).toBe('Create 2, change 2, prune 1, run 1 hook')
    expect(planButton('fr', tallyOf([pruned]))).toBe('Supprimer 1')
    expect(planButton('en', tallyOf([kept]))).toBe('Sync again')
  })

  test('before there is a plan, it says how many changes there are', () => {
    const pending = pendingOf([{ status: 'OutOfSync', requiresPruning: true }, { status: 'Synced' }, {}])
    expect(pending).toEqual({ changes: 1, prunes: 1 })
    expect([0, 1, 3].map((changes) => syncButton('en', { changes }))).toEqual([
      'Sync',
      'Sync 1 change',
      'Sync 3 changes',
    ])
    expect(syncButton('fr', { changes: 3 })).toBe('Synchroniser 3 changements')
  })

  test('hooks for a failure are not promised', () => {
    expect(tallyOf([{ ...hook, phase: 'SyncFail' }]).run).toBe(0)
    expect(tallyOf([{ ...hook, phase: 'SyncFail', check: 'refused' }]).refused).toBe(1)
  })
})

describe('progress', () => {
  const result = (of: Partial<ResourceResult>): ResourceResult => ({
    ...{ group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'config', syncPhase: 'Sync' },
    ...of,
  })

  test('of each step is what the operation has recorded of it', () => {
    const web = { group: 'apps', kind: 'Deployment', name: 'web' } as const
    const steps = [hook, step(), restarted, pruned]
    const progress = progressOfAll(steps, [
      result({ kind: 'Job', name: 'migrate', hookType: 'PreSync', syncPhase: 'PreSync', hookPhase: 'Running' }),
      result({ status: 'SyncFailed', message: 'no' }),
      result({ ...web, status: 'Synced', hookPhase: 'Running', message: '1 of 2' }),
    ])
    expect(steps.map((one) => progress.get(stepKey(one)))).toEqual([
      { progress: 'running', message: '' },
      { progress: 'failed', message: 'no' },
      { progress: 'unhealthy', message: '1 of 2' },
      undefined,
    ])
  })

  test('a hook whose name has the second in it is the one that was planned', () => {
    const planned = { ...hook, name: 'check-4d69225-presync-1795813644' }
    const name = 'check-4d69225-presync-1795813701'
    const ran = result({
      kind: 'Job',
      name,
      hookType: 'PreSync',
      syncPhase: 'PreSync',
      hookPhase: 'Succeeded',
      status: 'Synced',
    })
    expect(progressOfAll([planned], [ran]).get(stepKey(planned))?.progress).toBe('done')
  })

  test('an operation without a plan has its results for steps, in the waves of the resources', () => {
    const results = [result({ status: 'Synced' }), result({ name: 'old', status: 'Pruned' })]
    const resources = [{ kind: 'ConfigMap', namespace: 'shop', name: 'config', syncWave: 3 }]
    expect(stepsOfResults(results, resources).map(({ verb, wave }) => [verb, wave])).toEqual([
      ['apply', 3],
      ['prune', 0],
    ])
  })
})
