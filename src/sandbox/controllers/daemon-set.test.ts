import { expect, test } from 'vitest'
import { stage } from './testing/stage.ts'
import type { DaemonSet, Node, PodTemplate } from './workload.ts'

const daemonSets = { group: 'apps', version: 'v1', resource: 'daemonsets' }
const nodes = { group: '', version: 'v1', resource: 'nodes' }

function template(image: string): PodTemplate {
  return {
    metadata: { labels: { app: 'agent' } },
    spec: { containers: [{ name: 'c', image }], restartPolicy: 'Always' },
  }
}

function start(spec: Partial<DaemonSet['spec']> = {}) {
  const play = stage({ nodes: 3 })
  play.settle()
  play.cluster.create(daemonSets, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'demo' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template('i:1'), ...spec },
  })
  play.settle(1000)
  return {
    ...play,
    set: () => play.one(daemonSets, 'agent') as DaemonSet,
    node: (name: string) => play.cluster.get({ ...nodes, name }) as Node,
    placed: () =>
      play
        .pods()
        .map(({ spec: { nodeName, containers } }) => `${nodeName} ${containers[0]?.image}`)
        .sort(),
  }
}

test('every node has one pod, a cordoned one too', () => {
  const { placed, set, cluster, node, pods, settle } = start()
  expect(placed()).toEqual(['sandbox-0 i:1', 'sandbox-1 i:1', 'sandbox-2 i:1'])
  expect(set().status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3, numberAvailable: 3 })
  cluster.update(nodes, { ...node('sandbox-0'), spec: { unschedulable: true } })
  const [pod] = pods()
  cluster.delete({ group: '', version: 'v1', resource: 'pods', namespace: 'demo', name: pod?.metadata.name ?? '' })
  settle(1000)
  expect(placed()).toHaveLength(3)
})

test('nodes are chosen by their labels, and left when they lose them', () => {
  const { spec } = template('i:1')
  const chosen = { ...template('i:1'), spec: { ...spec, nodeSelector: { disk: 'ssd' } } }
  const { placed, cluster, node, settle, set } = start({ template: chosen })
  expect(placed()).toEqual([])
  const before = node('sandbox-1')
  cluster.update(nodes, { ...before, metadata: { ...before.metadata, labels: { disk: 'ssd' } } })
  settle(1000)
  expect(placed()).toEqual(['sandbox-1 i:1'])
  const labelled = node('sandbox-1')
  cluster.update(nodes, { ...labelled, metadata: { ...labelled.metadata, labels: {} } })
  settle(1000)
  expect(placed()).toEqual([])
  expect(set().status).toMatchObject({ desiredNumberScheduled: 0, currentNumberScheduled: 0 })
})

test('an update replaces one pod at a time', () => {
  const { patch, settle, placed, set } = start()
  patch(daemonSets, 'agent', { template: template('i:2') })
  settle(500)
  expect(placed().filter((pod) => pod.endsWith('i:1')).length).toBeGreaterThan(0)
  settle(5000)
  expect(placed()).toEqual(['sandbox-0 i:2', 'sandbox-1 i:2', 'sandbox-2 i:2'])
  expect(set().status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 })
})

test('an update that never gets ready stops after the first pod', () => {
  const { patch, settle, placed } = start()
  patch(daemonSets, 'agent', { template: template('i:missing') })
  settle(10_000)
  expect(placed().filter((pod) => pod.endsWith('i:missing'))).toHaveLength(1)
})
