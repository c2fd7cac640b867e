import { expect, test } from 'vitest'
import { type Standable, type Standing, standingOf } from './standing.ts'

interface Traits {
  health?: string
  sync?: string
  phase?: string
  condition?: string
  operation?: object
}

const cases: [traits: Traits, standing: Standing][] = [
  [{ health: 'Healthy', sync: 'Synced' }, 'declared'],
  [{ health: 'Healthy', sync: 'Synced', phase: 'Succeeded' }, 'declared'],
  [{ health: 'Degraded', sync: 'OutOfSync', phase: 'Failed' }, 'degraded'],
  [{ health: 'Degraded', sync: 'Synced', phase: 'Running' }, 'degraded'],
  [{ health: 'Missing', sync: 'OutOfSync', phase: 'Failed' }, 'failed'],
  [{ health: 'Healthy', sync: 'OutOfSync', phase: 'Error' }, 'failed'],
  [{ health: 'Healthy', sync: 'OutOfSync', phase: 'Failed', operation: {} }, 'syncing'],
  [{ health: 'Unknown', sync: 'Unknown', condition: 'ComparisonError' }, 'error'],
  [{ health: 'Healthy', sync: 'Synced', condition: 'OrphanedResourceWarning' }, 'declared'],
  [{ health: 'Missing', sync: 'OutOfSync' }, 'missing'],
  [{ health: 'Missing', sync: 'OutOfSync', phase: 'Running' }, 'syncing'],
  [{ health: 'Progressing', sync: 'OutOfSync' }, 'drifted'],
  [{ health: 'Progressing', sync: 'Synced' }, 'syncing'],
  [{ health: 'Suspended', sync: 'Synced' }, 'suspended'],
  [{ health: 'Healthy', sync: 'Unknown' }, 'unknown'],
  [{}, 'unknown'],
]

test.each(cases)('%o stands as %s', ({ health, sync, phase, condition, operation }, standing) => {
  const status = {
    ...(health && { health: { status: health } }),
    ...(sync && { sync: { status: sync } }),
    ...(phase && { operationState: { phase } }),
    ...(condition && { conditions: [{ type: condition, message: '' }] }),
  }
  expect(standingOf({ status, operation } as Standable)).toBe(standing)
})
