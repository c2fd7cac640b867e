import { expect, test } from 'vitest'
import { stage } from './testing/stage.ts'
import type { Deployment, PodTemplate, ReplicaSet } from './workload.ts'

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const replicaSets = { group: 'apps', version: 'v1', resource: 'replicasets' }

function template(image: string): PodTemplate {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }], restartPolicy: 'Always' } }
}

function start(spec: Partial<Deployment['spec']> = {}) {
  const play = stage({ nodes: 2 })
  play.cluster.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'demo' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: template('i:1'), ...spec },
  })
  play.settle(1000)
  return {
    ...play,
    deployment: () => play.one(deployments, 'web') as Deployment,
    sets: () => play.cluster.list(replicaSets) as ReplicaSet[],
    running: () =>
      play.pods().filter(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase === 'Running'),
    images: () => new Set(play.pods().map(({ spec: { containers } }) => containers[0]?.image)),
  }
}

test('a rolling update never has fewer available, nor more in all, than its bounds allow', () => {
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 1 }
  const { patch, settle, pods, running, images } = start({ strategy: { type: 'RollingUpdate', rollingUpdate } })
  patch(deployments, 'web', { template: template('i:2') })
  for (let step = 0; step < 100; step++) {
    settle(20)
    expect(running().length).toBeGreaterThanOrEqual(3)
    expect(pods().filter(({ metadata }) => !metadata.deletionTimestamp).length).toBeLessThanOrEqual(5)
  }
  expect(images()).toEqual(new Set(['i:2']))
})

test('Recreate starts nothing new before all that is old is gone', () => {
  const { patch, settle, images, running } = start({ strategy: { type: 'Recreate' } })
  patch(deployments, 'web', { template: template('i:2') })
  for (let step = 0; step < 50; step++) {
    settle(20)
    expect(images().size).toBeLessThanOrEqual(1)
  }
  expect(images()).toEqual(new Set(['i:2']))
  expect(running()).toHaveLength(4)
})

test('a rollout that gets stuck keeps the old pods and is scaled in proportion', () => {
  const { patch, settle, running, sets } = start()
  patch(deployments, 'web', { template: template('i:missing') })
  settle(2000)
  expect(running()).toHaveLength(3)
  patch(deployments, 'web', { replicas: 8 })
  settle(2000)
  const sizes = sets().map(({ spec }) => spec.replicas)
  expect(sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)).toBe(10)
  expect(Math.max(...sizes.map(Number))).toBeGreaterThan(4)
})

test('only as many old replica sets are kept as asked for', () => {
  const { patch, settle, sets } = start({ revisionHistoryLimit: 2 })
  for (const version of [2, 3, 4, 5]) {
    patch(deployments, 'web', { template: template(`i:${version}`) })
    settle(3000)
  }
  expect(sets().map(({ spec }) => spec.template.spec.containers[0]?.image)).toEqual(['i:3', 'i:4', 'i:5'])
})

test('pods that are ready count as available after minReadySeconds', () => {
  const { deployment, settle } = start({ minReadySeconds: 10 })
  expect(deployment().status).toMatchObject({ readyReplicas: 4, unavailableReplicas: 4 })
  settle(11_000)
  expect(deployment().status).toMatchObject({ availableReplicas: 4 })
})

test('a pod that is deleted is replaced, an orphan adopted, and one relabelled let go', () => {
  const { pods, cluster, settle, running, sets } = start()
  const [first, second] = pods()
  const podsName = { group: '', version: 'v1', resource: 'pods' }
  if (!first || !second) throw new Error('no pods')
  cluster.delete({ ...podsName, namespace: 'demo', name: first.metadata.name ?? '' })
  settle(1000)
  expect(running()).toHaveLength(4)
  cluster.update(podsName, { ...second, metadata: { ...second.metadata, labels: { app: 'other' } } })
  settle(1000)
  expect(
    cluster.get({ ...podsName, namespace: 'demo', name: second.metadata.name ?? '' })?.metadata.ownerReferences,
  ).toBeUndefined()
  expect(running()).toHaveLength(5)
  const [set] = sets()
  const { ownerReferences: _, ...metadata } = set?.metadata ?? {}
  cluster.update(replicaSets, { ...(set as ReplicaSet), metadata })
  settle(1000)
  expect(sets()[0]?.metadata.ownerReferences?.[0]?.name).toBe('web')
})

test('once settled nothing is written any more', () => {
  const { cluster, settle } = start()
  settle(5000)
  const before = new Map(cluster.writes)
  settle(1_800_000)
  expect(cluster.writes).toEqual(before)
})

test('a rollout writes each status a few times, however many pods there are', () => {
  const { cluster } = start({ replicas: 200 })
  expect(cluster.writes.get('create pods')).toBe(200)
  expect(cluster.writes.get('updateStatus pods')).toBe(200)
  expect(cluster.writes.get('updateStatus replicasets')).toBeLessThan(10)
  expect(cluster.writes.get('updateStatus deployments')).toBeLessThan(10)
})
