import { expect, test } from 'vitest'
import type { LiveCluster, LiveObject } from '../../../live/index.ts'
import type { KubeObject } from '../../../model/index.ts'
import { hostsOf } from './hosts.ts'

function live(object: KubeObject): LiveObject {
  const { name, namespace = '' } = object.metadata
  return { object, uid: name, key: { group: '', kind: object.kind, namespace, name } } as LiveObject
}

function pod(name: string, { node = 'one', cpu = '100m', phase = 'Running' } = {}): LiveObject {
  const containers = [{ name: 'main', resources: { requests: { cpu } } }]
  return live({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { nodeName: node, containers },
    status: { phase },
  })
}

const nodes = ['one', 'two'].map((name) =>
  live({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { capacity: { cpu: '2' } } }),
)

function cluster(pods: LiveObject[]): Pick<LiveCluster, 'get' | 'ofKind'> {
  return { ofKind: () => pods, get: ({ name }) => nodes.find(({ key }) => key.name === name) }
}

test('a node is shared by the application, its neighbours, and nobody who has ended', async () => {
  const own = [pod('a'), pod('b', { cpu: '50m' })]
  const others = [pod('c', { cpu: '1' }), pod('d', { phase: 'Succeeded' }), pod('e', { node: 'two' })]
  const [host, ...more] = await hostsOf({ live: cluster([...own, ...others]), pods: own, labels: [] })
  expect(more).toEqual([])
  expect(host).toMatchObject({
    name: 'one',
    resourcesInfo: [{ resourceName: 'cpu', capacity: 2000, requestedByApp: 150, requestedByNeighbors: 1000 }],
  })
})

test('Pods of the application that have come since all were counted are nobody else’s', async () => {
  const pods = [pod('a'), pod('c', { cpu: '1' })]
  const all = cluster(pods)
  await hostsOf({ live: all, pods: pods.slice(0, 1), labels: [] })
  pods.push(pod('b'))
  const [host] = await hostsOf({ live: all, pods: [pods[0], pods[2]] as LiveObject[], labels: [] })
  expect(host?.resourcesInfo).toMatchObject([{ requestedByApp: 200, requestedByNeighbors: 1000 }])
})
