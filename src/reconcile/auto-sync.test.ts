import { expect, test } from 'vitest'
import type { Application, OperationState, ResourceStatus } from '../model/index.ts'
import { type AutoSyncInput, decideAutoSync } from './auto-sync.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web' }
const changed: ResourceStatus = { group: 'apps', kind: 'Deployment', name: 'web', status: 'OutOfSync' }
const extra: ResourceStatus = { kind: 'ConfigMap', name: 'old', status: 'OutOfSync', requiresPruning: true }
const now = new Date('2026-01-01T12:00:00Z')

interface Case {
  automated?: object | null
  retry?: object
  last?: Partial<OperationState> & { revision?: string; attempts?: number }
  application?: Partial<Application>
}

function input({ automated, retry, last, application }: Case, more: Partial<AutoSyncInput> = {}): AutoSyncInput {
  const operationState = last && {
    operation: { sync: { ...(last.attempts !== undefined && { autoHealAttemptsCount: last.attempts }) } },
    phase: 'Succeeded' as const,
    startedAt: '2026-01-01T11:00:00Z',
    finishedAt: '2026-01-01T11:59:59Z',
    syncResult: { revision: last.revision ?? 'abc', source },
    ...last,
  }
  return {
    application: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'web' },
      spec: {
        project: 'default',
        destination: {},
        source,
        syncPolicy: { ...(automated !== null && { automated: automated ?? {} }), ...(retry && { retry }) },
      },
      ...(operationState && { status: { operationState } }),
      ...application,
    },
    status: 'OutOfSync',
    revisions: ['abc'],
    resources: [changed],
    promising: false,
    now,
    selfHealBackoff: { firstMs: 2000, factor: 3, capMs: 300_000 },
    failureBackoff: { firstMs: 180_000, factor: 2, capMs: 3_600_000 },
    ...more,
  }
}

test('a deviation is synced when automated sync is on, with five retries unless the policy says otherwise', () => {
  expect(decideAutoSync(input({}))).toMatchObject({
    kind: 'sync',
    operation: { sync: { revision: 'abc', prune: false }, initiatedBy: { automated: true }, retry: { limit: 5 } },
  })
  const decision = decideAutoSync(input({ retry: { backoff: { duration: '1s' } } }))
  expect(decision).toMatchObject({ operation: { retry: { backoff: { duration: '1s' } } } })
})

test.each<[string, Case, Partial<AutoSyncInput>]>([
  ['automated sync is off', { automated: null }, {}],
  ['automated sync is switched off by enabled: false', { automated: { enabled: false } }, {}],
  ['nothing deviates', {}, { status: 'Synced' }],
  ['the comparison failed', {}, { status: 'Unknown' }],
  ['an operation waits already', { application: { operation: {} } }, {}],
  ['an operation is running', { last: { phase: 'Running' } }, {}],
  ['only pruning is left and prune is off', {}, { resources: [extra] }],
  ['this revision was synced before and selfHeal is off', { last: {} }, {}],
])('nothing is done when %s', (_, state, more) => {
  expect(decideAutoSync(input(state, more))).toEqual({ kind: 'none' })
})

test('an application is never wiped out unless allowEmpty is set', () => {
  expect(decideAutoSync(input({ automated: { prune: true } }, { resources: [extra] })).kind).toBe('refuse')
  const allowed = input({ automated: { prune: true, allowEmpty: true } }, { resources: [extra] })
  expect(decideAutoSync(allowed).kind).toBe('sync')
})

test('selfHeal puts a drift right at once, as a partial sync of what deviates', () => {
  const state = { automated: { selfHeal: true }, last: {} }
  expect(
    decideAutoSync(input(state, { resources: [changed, { kind: 'Service', name: 's', status: 'Synced' }] })),
  ).toEqual({
    kind: 'sync',
    operation: {
      sync: {
        revision: 'abc',
        prune: false,
        autoHealAttemptsCount: 1,
        resources: [{ group: 'apps', kind: 'Deployment', name: 'web' }],
      },
      initiatedBy: { automated: true },
      retry: { limit: 5 },
    },
  })
})

test('repeated healing pauses 2, 6, 18 seconds and so on, up to the cap', () => {
  const pauses = [1, 2, 3, 9].map((attempts) => {
    const decision = decideAutoSync(
      input({ automated: { selfHeal: true }, last: { attempts, finishedAt: now.toISOString() } }),
    )
    return decision.kind === 'wait' ? decision.delayMs : decision
  })
  expect(pauses).toEqual([2_000, 6_000, 18_000, 300_000])
})

test('a failed sync of the same revision says so and waits', () => {
  const decision = decideAutoSync(input({ last: { phase: 'Failed', message: 'webhook refused' } }))
  expect(decision).toMatchObject({ kind: 'wait', problem: 'Failed last sync attempt to abc: webhook refused' })
})

test('a failed sync is tried again soon when what it may have tripped over has changed', () => {
  const failed = { last: { phase: 'Failed' as const, finishedAt: '2026-01-01T11:59:50Z' } }
  expect(decideAutoSync(input(failed, { promising: false })).kind).toBe('wait')
  expect(decideAutoSync(input(failed, { promising: true }))).toMatchObject({
    kind: 'sync',
    operation: { sync: { autoHealAttemptsCount: 1 } },
  })
})

test('a failed sync is tried again after a pause even when nothing visible has changed', () => {
  const long = { last: { phase: 'Failed' as const, finishedAt: '2026-01-01T11:50:00Z' } }
  expect(decideAutoSync(input(long)).kind).toBe('sync')
})

test('a new revision is synced at once, whatever became of the last', () => {
  expect(decideAutoSync(input({ last: { phase: 'Failed', revision: 'old' } })).kind).toBe('sync')
})

test('a changed source is synced at once even at the same revision', () => {
  const state = input({ last: {} })
  state.application.spec.source = { ...source, path: 'other' }
  expect(decideAutoSync(state).kind).toBe('sync')
})

test('what somebody only asked about has not been tried', () => {
  const operation = { sync: { preflightOnly: true } }
  expect(decideAutoSync(input({ last: { operation } }))).toMatchObject({ kind: 'sync' })
})
