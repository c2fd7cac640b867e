import { expect, test } from 'vitest'
import { stage } from './testing/stage.ts'
import type { PodTemplate, StatefulSet } from './workload.ts'

const statefulSets = { group: 'apps', version: 'v1', resource: 'statefulsets' }
const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' }

function template(image: string): PodTemplate {
  return { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image }], restartPolicy: 'Always' } }
}

function start(spec: Partial<StatefulSet['spec']> = {}, ms = 2000) {
  const play = stage({ nodes: 1 })
  play.cluster.create(statefulSets, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'demo' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template('i:1'),
      ...spec,
    },
  })
  play.settle(ms)
  const images = () =>
    play
      .pods()
      .map(({ metadata, spec: { containers } }) => `${metadata.name} ${containers[0]?.image}`)
      .sort()
  return { ...play, images, set: () => play.one(statefulSets, 'db') as StatefulSet }
}

test('pods come one after the other, each when the one before is ready', () => {
  const { pods, settle, set } = start({}, 100)
  expect(pods().map(({ metadata }) => metadata.name)).toEqual(['db-0'])
  settle(200)
  expect(pods()).toHaveLength(2)
  settle(1000)
  expect(set().status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 })
})

test('with Parallel they come at once', () => {
  expect(start({ podManagementPolicy: 'Parallel' }, 1).pods()).toHaveLength(3)
})

test('an update replaces the pods from the last to the first, and then becomes the current revision', () => {
  const { patch, images, settle, set } = start()
  const before = set().status?.currentRevision
  patch(statefulSets, 'db', { template: template('i:2') })
  settle(300)
  expect(images().slice(0, 2)).toEqual(['db-0 i:1', 'db-1 i:1'])
  expect(set().status).toMatchObject({ currentRevision: before })
  settle(3000)
  expect(images()).toEqual(['db-0 i:2', 'db-1 i:2', 'db-2 i:2'])
  const { currentRevision, updateRevision } = set().status ?? {}
  expect(currentRevision).toBe(updateRevision)
  expect(currentRevision).not.toBe(before)
})

test('pods below the partition stay, and come back as they were', () => {
  const { patch, images, settle, cluster, set } = start()
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } }
  patch(statefulSets, 'db', { template: template('i:2'), updateStrategy })
  settle(3000)
  expect(images()).toEqual(['db-0 i:1', 'db-1 i:1', 'db-2 i:2'])
  cluster.delete({ group: '', version: 'v1', resource: 'pods', namespace: 'demo', name: 'db-0' })
  settle(3000)
  expect(images()).toEqual(['db-0 i:1', 'db-1 i:1', 'db-2 i:2'])
  expect(set().status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 })
})

test('an update that never gets ready stops the rollout', () => {
  const { patch, images, settle } = start()
  patch(statefulSets, 'db', { template: template('i:missing') })
  settle(10_000)
  expect(images()).toEqual(['db-0 i:1', 'db-1 i:1', 'db-2 i:missing'])
})

test('with OnDelete only a pod that somebody deletes is replaced', () => {
  const { patch, images, settle, cluster } = start({ updateStrategy: { type: 'OnDelete' } })
  patch(statefulSets, 'db', { template: template('i:2') })
  settle(3000)
  expect(images()).toEqual(['db-0 i:1', 'db-1 i:1', 'db-2 i:1'])
  cluster.delete({ group: '', version: 'v1', resource: 'pods', namespace: 'demo', name: 'db-1' })
  settle(3000)
  expect(images()).toEqual(['db-0 i:1', 'db-1 i:2', 'db-2 i:1'])
})

test('scaling down takes the last pods one by one and leaves their claims', () => {
  const data = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} }
  const { patch, images, settle, cluster } = start({ volumeClaimTemplates: [data] })
  expect(cluster.list(claims).map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2'])
  patch(statefulSets, 'db', { replicas: 1 })
  settle(100)
  expect(images()).toHaveLength(3)
  settle(3000)
  expect(images()).toEqual(['db-0 i:1'])
  expect(cluster.list(claims)).toHaveLength(3)
})

test('going back to an earlier template finds its revision again', () => {
  const { patch, settle, set, cluster } = start()
  const first = set().status?.currentRevision
  patch(statefulSets, 'db', { template: template('i:2') })
  settle(5000)
  patch(statefulSets, 'db', { template: template('i:1') })
  settle(5000)
  expect(set().status?.currentRevision).toBe(first)
  const revisions = cluster.list({ group: 'apps', version: 'v1', resource: 'controllerrevisions' })
  expect(revisions.map(({ revision }) => revision).sort()).toEqual([2, 3])
})
