import { expect, test, vi } from 'vitest'
import type { KubeObject, OperationState } from '../model/index.ts'
import type { Observation } from './observe.ts'
import { Obstacle } from './obstacle.ts'
import type { Cluster } from './stages.ts'

const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'a' } }
const fine: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'b' } }
const signal = new AbortController().signal
const key = { group: '', kind: 'ConfigMap', namespace: 'shop' }

const failed: OperationState = {
  operation: {},
  phase: 'Failed',
  startedAt: '2026-01-01T12:00:00Z',
  syncResult: {
    revision: 'abc',
    resources: [
      { ...key, version: 'v1', name: 'a', status: 'SyncFailed', message: 'namespaces "shop" not found' },
      { ...key, version: 'v1', name: 'b', status: 'Synced', message: '' },
    ],
  } as OperationState['syncResult'],
}

function setting() {
  const apply = vi.fn<(object: KubeObject, options: object) => Promise<KubeObject>>(async () => {
    throw new Error('namespaces "shop" not found')
  })
  const cluster = { client: { apply }, live: { resources: () => ({ versions: ['v1'] }) } } as unknown as Cluster
  const observation: Observation = {
    cluster,
    manifests: [{ object }, { object: fine }],
    resources: [],
    findings: [],
    retry: false,
    sync: 'OutOfSync',
    health: { status: 'Missing' },
  }
  return { apply, observation }
}

test('what was refused is asked for by dry-run, and has changed once the answer is another', async () => {
  const { apply, observation } = setting()
  const obstacle = new Obstacle(failed, 0)
  expect(await obstacle.hasChanged(observation, { now: 0, signal })).toBe(false)
  expect(await obstacle.hasChanged(observation, { now: 5000, signal })).toBe(false)
  apply.mockImplementation(async (desired) => desired)
  expect(await obstacle.hasChanged(observation, { now: 10_000, signal })).toBe(true)
  expect(apply.mock.calls.map(([{ metadata }, options]) => [metadata.name, options])).toEqual(
    Array(3).fill(['a', expect.objectContaining({ dryRun: true })]),
  )
})

test('the longer it stands the less often is it asked for, but every minute all the same', async () => {
  const { apply, observation } = setting()
  const obstacle = new Obstacle(failed, 0)
  const hour = 3600_000
  for (let now = 0; now < hour; now += 500) await obstacle.hasChanged(observation, { now, signal })
  expect(apply.mock.calls.length).toBeLessThan(80)
  await obstacle.hasChanged(observation, { now: hour, signal })
  expect(obstacle.nextLookMs(hour)).toBeLessThanOrEqual(60_000)
})

test('a look that could not compare anything says nothing about it', async () => {
  const { observation } = setting()
  const obstacle = new Obstacle(failed, 0)
  expect(await obstacle.hasChanged(observation, { now: 0, signal })).toBe(false)
  const { cluster: _cluster, ...blind } = observation
  expect(await obstacle.hasChanged(blind, { now: 5000, signal })).toBe(false)
})
