import { expect, test } from 'vitest'
import type { Application, ApplicationSet } from '../../model/index.ts'
import { progressOf } from './progress.ts'
import { syncOperation, withoutAutomatedSync } from './rolling-form.ts'
import { stepsOf } from './steps.ts'

type RollingSync = NonNullable<NonNullable<ApplicationSet['spec']['strategy']>['rollingSync']>
const env = (...values: string[]) => [{ key: 'env', operator: 'In', values }]

function setOf(steps: RollingSync['steps'], applicationStatus: object[] = []): ApplicationSet {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'set', namespace: 'argocd' },
    spec: {
      generators: [],
      template: { metadata: {}, spec: { project: 'default', destination: {} } },
      strategy: { type: 'RollingSync', rollingSync: { steps } },
    },
    status: { applicationStatus },
  }
}

interface State {
  sync?: 'Synced' | 'OutOfSync'
  health?: string
  revision?: string
  startedAt?: string
  /** Its status is about the spec before. */
  isOld?: boolean
  conditions?: string[]
}

function application(name: string, label: string, state: State = {}): Application {
  const { sync = 'OutOfSync', health = 'Healthy', revision = 'r1', startedAt, isOld, conditions = [] } = state
  const source = { repoURL: 'https://git.example.com/x', path: '.' }
  const destination = { name: 'in-cluster' }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, labels: { env: label } },
    spec: { project: 'default', source, destination },
    status: {
      sync: {
        status: sync,
        revision,
        comparedTo: { source: isOld ? { ...source, path: 'old' } : source, destination },
      },
      health: { status: health as 'Healthy' },
      conditions: conditions.map((type) => ({ type: type as 'InvalidSpecError', message: '' })),
      ...(startedAt && { operationState: { operation: {}, phase: 'Succeeded', startedAt } }),
    },
  }
}

const now = '2026-01-01T00:00:10Z'
const earlier = '2026-01-01T00:00:00Z'
const twoSteps = [{ matchExpressions: env('dev') }, { matchExpressions: env('prod'), maxUpdate: '50%' }]

function look(applications: Application[], before: object[] = [], changed: string[] = []) {
  const set = setOf(twoSteps, before)
  const owned = new Map(applications.map((one) => [one.metadata.name, one]))
  const steps = stepsOf(set, applications)
  const { applicationStatus, conditions, isTooSoon } = progressOf({ set, steps, owned, changed: new Set(changed), now })
  const states = Object.fromEntries(applicationStatus.map((entry) => [entry.application, entry.status]))
  return {
    states,
    rolling: conditions.find(({ type }) => type === 'RolloutProgressing')?.message,
    applicationStatus,
    isTooSoon,
  }
}

const entry = (name: string, status: string, targetRevisions = ['r1']) => ({
  application: name,
  status,
  targetRevisions,
  lastTransitionTime: earlier,
})

test('the first step begins, and the others wait for it', () => {
  const { states, rolling } = look([application('a', 'dev'), application('p', 'prod')])
  expect(states).toEqual({ a: 'Pending', p: 'Waiting' })
  expect(rolling).toMatch(/step 1$/)
})

test('of the next step so many begin as it permits, when the one before is healthy', () => {
  const prod = ['p', 'q', 'r'].map((name) => application(name, 'prod'))
  const { states } = look([application('a', 'dev', { sync: 'Synced' }), ...prod], [entry('a', 'Progressing')])
  expect(states).toEqual({ a: 'Healthy', p: 'Pending', q: 'Waiting', r: 'Waiting' })
})

test.each<[string, State, string, string]>([
  ['one that waits and is synced already is done', { sync: 'Synced' }, 'Waiting', 'Healthy'],
  [
    'one that is synced and not healthy is on its way',
    { sync: 'Synced', health: 'Progressing' },
    'Waiting',
    'Progressing',
  ],
  ['a status about the spec before counts for nothing', { sync: 'Synced', isOld: true }, 'Waiting', 'Pending'],
  ['one that has been asked stays so until it begins', { startedAt: '2025-12-31T00:00:00Z' }, 'Pending', 'Pending'],
  ['one that has begun and is done already', { startedAt: earlier, sync: 'Synced' }, 'Pending', 'Healthy'],
  ['one that has begun is on its way', { startedAt: earlier }, 'Pending', 'Progressing'],
  ['one that cannot be synced is on its way for ever', { conditions: ['InvalidSpecError'] }, 'Pending', 'Progressing'],
  ['one that is not healthy yet is on its way', { sync: 'Synced', health: 'Degraded' }, 'Progressing', 'Progressing'],
  ['one with another revision begins anew', { revision: 'r2' }, 'Healthy', 'Pending'],
  ['one with another revision that changes nothing is done', { revision: 'r2', sync: 'Synced' }, 'Healthy', 'Healthy'],
])('%s', (_, state, before, after) => {
  expect(look([application('a', 'dev', state)], [entry('a', before)]).states).toEqual({ a: after })
})

test('one whose spec changes now begins anew, though its status says nothing of it yet', () => {
  const { states } = look([application('a', 'dev', { sync: 'Synced' })], [entry('a', 'Healthy')], ['a'])
  expect(states).toEqual({ a: 'Pending' })
})

test('one that began a sync in this very second has its turn in the next', () => {
  const known = [entry('a', 'Healthy')]
  const early = look([application('a', 'dev', { revision: 'r2', startedAt: now })], known)
  expect([early.states, early.isTooSoon]).toEqual([{ a: 'Waiting' }, true])
  const later = look([application('a', 'dev', { revision: 'r2', startedAt: earlier })], known)
  expect([later.states, later.isTooSoon]).toEqual([{ a: 'Pending' }, false])
})

test('nothing changes when nothing has happened', () => {
  const before = [{ ...entry('a', 'Healthy'), step: '1', message: 'm' }]
  const { applicationStatus, rolling } = look([application('a', 'dev', { sync: 'Synced' })], before)
  expect(applicationStatus).toEqual(before)
  expect(rolling).toMatch(/completed/)
})

test.each<[RollingSync['steps'], number, string]>([
  [[{ maxUpdate: 0 }], 0, ''],
  [[{ maxUpdate: 2 }], 2, ''],
  [[{ maxUpdate: '0%' }], 0, ''],
  [[{ maxUpdate: '10%' }], 1, ''],
  [[{ maxUpdate: '70%' }], 3, ''],
  [[{}], 5, ''],
  [[{ maxUpdate: 'some' }], 0, 'maxUpdate "some" is neither a number'],
  [[{ matchExpressions: [{ key: 'env', operator: 'Exists' }] }], 0, 'the operator "Exists"'],
])('%j permits %i of five at once', (steps, most, fault) => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => application(name, 'dev'))
  const found = stepsOf(setOf(steps), five)
  expect(found.most(0)).toBe(most)
  expect(found.faults.join()).toContain(fault)
})

test('an application is synced as it would be by itself, and not by itself', () => {
  const one = application('a', 'dev')
  const syncPolicy = { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] }
  const automated = { ...one, spec: { ...one.spec, syncPolicy } }
  expect(withoutAutomatedSync(automated).spec.syncPolicy?.automated).toEqual({
    ...syncPolicy.automated,
    enabled: false,
  })
  expect(syncOperation(automated)).toMatchObject({
    sync: { prune: true, syncOptions: ['CreateNamespace=true'] },
    retry: { limit: 5 },
    initiatedBy: { automated: true },
  })
})
