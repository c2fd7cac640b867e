import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { reachedBy } from './wait.ts'

function application(status: Application['status'], more: Partial<Application> = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: { project: 'default', destination: {} },
    ...(status && { status }),
    ...more,
  }
}

const resource = (name: string, status: 'Synced' | 'OutOfSync', health: 'Healthy' | 'Degraded') => ({
  group: 'apps',
  kind: 'Deployment',
  name,
  status,
  health: { status: health },
})
const partly = application({
  sync: { status: 'OutOfSync' },
  health: { status: 'Degraded' },
  resources: [resource('web', 'Synced', 'Healthy'), resource('db', 'OutOfSync', 'Degraded')],
} as Application['status'])

test('without a word it is all of it: synced, healthy and idle', () => {
  const done = application({ sync: { status: 'Synced' }, health: { status: 'Healthy' } } as Application['status'])
  expect(reachedBy({})(done)).toBe(true)
  expect(reachedBy({})({ ...done, operation: {} })).toBe(false)
  expect(reachedBy({ degraded: true })(partly)).toBe(true)
})

test('only the resources that are named count', () => {
  expect(reachedBy({})(partly)).toBe(false)
  expect(reachedBy({ resource: ['apps:Deployment:web'] })(partly)).toBe(true)
  expect(reachedBy({ resource: ['!apps:Deployment:db'] })(partly)).toBe(true)
  expect(reachedBy({ resource: ['apps:Deployment:db'] })(partly)).toBe(false)
})
