import { expect, test } from 'vitest'
import type { ResourceNode } from '../../lib/api.ts'
import { causesOf, descendantsOf, findNode, ownersOf, podsOf } from './chain.ts'

function node(kind: string, name: string, owner?: string, status?: string, message?: string): ResourceNode {
  const [ownerKind = '', ownerName = ''] = owner?.split('/') ?? []
  return {
    ...(kind !== 'Pod' && { group: 'apps' }),
    kind,
    name,
    namespace: 'shop',
    uid: `${kind}/${name}`,
    ...(owner && { parentRefs: [{ kind: ownerKind, name: ownerName, uid: owner }] }),
    ...(status && { health: { status, ...(message && { message }) } }),
  }
}

const nodes = [
  node('Deployment', 'web', undefined, 'Degraded', 'too slow'),
  node('ReplicaSet', 'web-1', 'Deployment/web', 'Healthy'),
  node('ReplicaSet', 'web-2', 'Deployment/web', 'Degraded'),
  node('Pod', 'web-1-a', 'ReplicaSet/web-1', 'Healthy'),
  node('Pod', 'web-2-a', 'ReplicaSet/web-2', 'Progressing'),
  node('Pod', 'web-2-b', 'ReplicaSet/web-2', 'Degraded', 'ImagePullBackOff'),
  node('Deployment', 'other', undefined, 'Healthy'),
]
const names = (found: ResourceNode[]) => found.map(({ name }) => name)
const at = (kind: string, name: string) => {
  const found = findNode(nodes, { group: kind === 'Pod' ? '' : 'apps', kind, namespace: 'shop', name })
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found
}

test('owners are told from what Git declares downwards', () => {
  expect(names(ownersOf(nodes, at('Pod', 'web-2-b')))).toEqual(['web', 'web-2'])
  expect(ownersOf(nodes, at('Deployment', 'web'))).toEqual([])
})

test('the cause is the worst child, and its worst, down to the last', () => {
  expect(names(causesOf(nodes, at('Deployment', 'web')))).toEqual(['web-2', 'web-2-b'])
  expect(causesOf(nodes, at('Deployment', 'other'))).toEqual([])
  expect(causesOf(nodes, at('ReplicaSet', 'web-1'))).toEqual([])
})

test('the Pods of an owner are found at any depth, and a Pod is its own', () => {
  expect(names(podsOf(nodes, at('Deployment', 'web')))).toEqual(['web-1-a', 'web-2-a', 'web-2-b'])
  expect(names(podsOf(nodes, at('Pod', 'web-1-a')))).toEqual(['web-1-a'])
  expect(names(descendantsOf(nodes, at('ReplicaSet', 'web-2')))).toEqual(['web-2-a', 'web-2-b'])
})

test('an object that owns itself by mistake ends no search', () => {
  const loop = [node('Pod', 'a', 'Pod/b', 'Degraded'), node('Pod', 'b', 'Pod/a', 'Degraded')]
  const [first] = loop
  if (!first) throw new Error('no node')
  expect(names(ownersOf(loop, first))).toEqual(['a', 'b'])
  expect(names(causesOf(loop, first))).toEqual(['b', 'a'])
})
