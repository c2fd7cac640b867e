import { expect, test } from 'vitest'
import type { LiveCluster, LiveObject } from '../../../live/index.ts'
import { NodeLoads } from '../../../live/node-loads.ts'
import { podLoad } from '../../../live/pod-load.ts'
import type { KubeObject } from '../../../model/index.ts'
import { hostsOf } from './hosts.ts'

function live(object: KubeObject): LiveObject {
  const { name, namespace = '' } = object.metadata
  return {
    object,
    uid: name,
    key: { group: '', kind: object.kind, namespace, name },
    load: podLoad(object),
  } as LiveObject
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

function cluster(pods: LiveObject[]): Pick<LiveCluster, 'get' | 'takenOn'> {
  const loads = new NodeLoads()
  for (const current of pods) loads.apply({ current })
  return { takenOn: (node) => loads.on(node), get: ({ name }) => nodes.find(({ key }) => key.name === name) }
}

test('a node is shared by the application, its neighbours, and nobody who has ended', () => {
  const own = [pod('a'), pod('b', { cpu: '50m' })]
  const others = [pod('c', { cpu: '1' }), pod('d', { phase: 'Succeeded' }), pod('e', { node: 'two' })]
  const [host, ...more] = hostsOf({ live: cluster([...own, ...others]), pods: own, labels: [] })
  expect(more).toEqual([])
  expect(host).toMatchObject({
    name: 'one',
    resourcesInfo: [{ resourceName: 'cpu', capacity: 2000, requestedByApp: 150, requestedByNeighbors: 1000 }],
  })
})

test('a Pod of the application that has ended takes nothing of the node that is shown for it', () => {
  const own = [pod('a', { phase: 'Failed' })]
  const [host] = hostsOf({ live: cluster([...own, pod('c')]), pods: own, labels: [] })
  expect(host?.resourcesInfo).toMatchObject([{ requestedByApp: 0, requestedByNeighbors: 100 }])
})
