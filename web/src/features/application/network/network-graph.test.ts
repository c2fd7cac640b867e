import { expect, test } from 'vitest'
import type { Application, ApplicationTree, ResourceNode } from '../../../lib/api.ts'
import { type GraphNode, graphOf } from '../tree/graph.ts'
import { networkGraph } from './network-graph.ts'

function network(nodes: ResourceNode[]) {
  const application = { metadata: { name: 'shop' }, spec: {}, status: {} } as Application
  const tree = { nodes, orphanedNodes: [], hosts: [], shardsCount: 1 } as ApplicationTree
  return networkGraph(graphOf({ application, tree, managed: undefined }))
}

const node = (kind: string, name: string, more: Partial<ResourceNode> = {}): ResourceNode => ({
  kind,
  namespace: 'shop',
  name,
  uid: `${kind}/${name}`,
  ...more,
})
const pod = (name: string, app: string) =>
  node('Pod', name, { parentRefs: [{ uid: `ReplicaSet/${app}` }], networkingInfo: { labels: { app, version: '1' } } })
const service = (name: string, app?: string) =>
  node('Service', name, { networkingInfo: { targetLabels: app ? { app } : {} } })

function shape({ name, kind, type, children }: GraphNode): unknown {
  const label = type === 'pods' ? `Pods of ${name}` : `${kind} ${name}`
  return children.length > 0 ? { [label]: children.map(shape) } : label
}

test('the way leads from an address by what answers there and its Services to the Pods', () => {
  const targetRefs = [{ kind: 'Service', namespace: 'shop', name: 'web' }]
  const { roots, more } = network([
    node('Ingress', 'web', {
      group: 'networking.k8s.io',
      networkingInfo: { targetRefs, externalURLs: ['https://shop.example.com/'] },
    }),
    service('web', 'web'),
    service('headless'),
    node('ReplicaSet', 'web'),
    pod('a', 'web'),
    pod('b', 'web'),
    node('ReplicaSet', 'other'),
    pod('c', 'other'),
  ])
  expect(roots.map(shape)).toEqual([
    { 'Address shop.example.com': [{ 'Ingress web': [{ 'Service web': ['Pods of web'] }] }] },
    'Service headless',
  ])
  expect(roots[0]?.href).toBe('https://shop.example.com/')
  expect(more).toEqual([])
})

test('what two ways lead to stands once, and the second way is a line of its own', () => {
  const { roots, more } = network([
    service('one', 'web'),
    service('two', 'web'),
    node('ReplicaSet', 'web'),
    pod('a', 'web'),
  ])
  expect(roots.map(shape)).toEqual([{ 'Service one': ['Pod a'] }, 'Service two'])
  expect(more).toEqual([['/Service/shop/two', '/Pod/shop/a']])
})

test('a route hangs below its gateway, and an address that may be a script leads nowhere', () => {
  const gateway = { group: 'gateway.networking.k8s.io' }
  const { roots } = network([
    node('Gateway', 'gw', { ...gateway, networkingInfo: { externalURLs: ['javascript:alert(1)'] } }),
    node('HTTPRoute', 'web', {
      ...gateway,
      networkingInfo: { targetRefs: [{ ...gateway, kind: 'Gateway', namespace: 'shop', name: 'gw' }] },
    }),
  ])
  expect(roots.map(shape)).toEqual([{ 'Address javascript:alert(1)': [{ 'Gateway gw': ['HTTPRoute web'] }] }])
  expect(roots[0]?.href).toBeUndefined()
})
