import { expect, test } from 'vitest'
import type { LiveObject } from '../../../live/index.ts'
import { groupOf, type KubeObject, type OwnerReference } from '../../../model/index.ts'
import { type TreeContext, treeOf } from './resource-tree.ts'

function live(apiVersion: string, kind: string, name: string, owners: OwnerReference[] = []): LiveObject {
  const object = { apiVersion, kind, metadata: { name, namespace: 'shop', uid: name, ownerReferences: owners } }
  const key = { group: groupOf(apiVersion), kind, namespace: 'shop', name }
  return { key, uid: name, resourceVersion: '1', object: object as KubeObject, owners: [] } as unknown as LiveObject
}

function ownedBy({ object, key, uid }: LiveObject): OwnerReference {
  return { apiVersion: object.apiVersion, kind: key.kind, name: key.name, uid }
}

function context(children: Record<string, LiveObject[]>, more: Partial<TreeContext> = {}): TreeContext {
  return {
    live: { children: (uid) => [...(children[uid] ?? [])], scope: () => 'Namespaced' },
    healthOf: () => ({ status: 'Healthy', message: '' }),
    permits: () => true,
    customLabels: [],
    ...more,
  }
}

const deployment = live('apps/v1', 'Deployment', 'web')
const replicas = live('apps/v1', 'ReplicaSet', 'web-1', [ownedBy(deployment)])
const pod = live('v1', 'Pod', 'web-1-a', [ownedBy(replicas)])
const family = { web: [replicas], 'web-1': [pod] }

function names(nodes: { node: { name?: string } }[]): (string | undefined)[] {
  return nodes.map(({ node }) => node.name)
}

test('an object stands before what it owns, and is named by it', () => {
  const nodes = treeOf([deployment], context(family))
  expect(names(nodes)).toEqual(['web', 'web-1', 'web-1-a'])
  const ref = { group: 'apps', version: 'v1', kind: 'ReplicaSet', namespace: 'shop', name: 'web-1', uid: 'web-1' }
  expect(nodes[2]?.node).toMatchObject({ parentRefs: [ref], health: { status: 'Healthy' }, uid: 'web-1-a' })
})

test('owners that go round in a circle are walked once', () => {
  expect(names(treeOf([deployment], context({ ...family, 'web-1-a': [deployment] })))).toHaveLength(3)
})

test('a claim names the StatefulSet that it belongs to by custom', () => {
  const set = live('apps/v1', 'StatefulSet', 'db')
  const claim = live('v1', 'PersistentVolumeClaim', 'data-db-0')
  const [, node] = treeOf([set], context({ db: [claim] }))
  expect(node?.node.parentRefs).toEqual([
    { group: 'apps', version: 'v1', kind: 'StatefulSet', namespace: 'shop', name: 'db', uid: 'db' },
  ])
})

test('what the project does not permit is left out with everything below it', () => {
  const permits: TreeContext['permits'] = ({ kind }) => kind !== 'ReplicaSet'
  expect(names(treeOf([deployment], context(family, { permits })))).toEqual(['web'])
})

test('labels of the settings are told', () => {
  const labelled = live('v1', 'Pod', 'one')
  labelled.object.metadata.labels = { tier: 'web', other: 'x' }
  const [node] = treeOf([labelled], context({}, { customLabels: ['tier', 'missing'] }))
  expect(node?.node.info).toContainEqual({ name: 'tier', value: 'web' })
})
