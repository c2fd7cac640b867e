import { expect, test } from 'vitest'
import type { Application, ApplicationTree, ResourceDiff, ResourceNode } from '../../../lib/api.ts'
import { filteredGraph } from './filter.ts'
import { foldedGraph } from './fold.ts'
import { allNodes, type GraphNode, graphOf, orphanGraph } from './graph.ts'
import { waveStarts } from './waves.ts'

type Resources = NonNullable<NonNullable<Application['status']>['resources']>

function application(resources: Resources = [], more: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {} },
    status: { resources, ...more },
  } as Application
}

function node(
  kind: string,
  name: string,
  { owner, group = '', ...more }: Partial<ResourceNode> & { owner?: string } = {},
): ResourceNode {
  return {
    ...(group && { group }),
    kind,
    namespace: 'shop',
    name,
    uid: `${kind}/${name}`,
    ...(owner && { parentRefs: [{ uid: owner }] }),
    ...more,
  }
}

function treeOf(nodes: ResourceNode[]): ApplicationTree {
  return { nodes, orphanedNodes: [], hosts: [], shardsCount: 1 }
}

function graph(nodes: ResourceNode[], resources?: Resources, managed?: ResourceDiff[], more?: object): GraphNode {
  return graphOf({ application: application(resources, more), tree: treeOf(nodes), managed })
}

const status = (kind: string, name: string, more: object = {}) =>
  ({ kind, namespace: 'shop', name, version: 'v1', status: 'Synced', ...more }) as Resources[number]

function idsOf(root: GraphNode): string[] {
  return [...allNodes(root)].map(({ id }) => id).slice(1)
}

test('each node hangs below what owns it, and several Pods of one owner are one node', () => {
  const root = graph(
    [
      node('Pod', 'b', { owner: 'ReplicaSet/rs' }),
      node('Pod', 'a', { owner: 'ReplicaSet/rs' }),
      node('ReplicaSet', 'rs', { owner: 'Deployment/web' }),
      node('Deployment', 'web'),
      node('Pod', 'lonely', { owner: 'gone' }),
    ],
    [status('Deployment', 'web')],
  )
  expect(root.children.map(({ id }) => id)).toEqual(['/Deployment/shop/web', '/Pod/shop/lonely'])
  const [strip] = root.children[0]?.children[0]?.children ?? []
  expect(strip).toMatchObject({ type: 'pods', id: '/ReplicaSet/shop/rs#pods' })
  expect(strip?.members?.map(({ name }) => name)).toEqual(['a', 'b'])
})

test('owners in a circle lose nothing', () => {
  const root = graph([node('A', 'one', { owner: 'B/two' }), node('B', 'two', { owner: 'A/one' })])
  expect(idsOf(root).sort()).toEqual(['/A/shop/one', '/B/shop/two'])
})

test('what Git declares and is not there, what it no longer declares, and what the cluster has made are told apart', () => {
  const { uid: _uid, ...missing } = node('ConfigMap', 'missing')
  const root = graph(
    [missing, node('ConfigMap', 'extra'), node('ConfigMap', 'declared'), node('ConfigMap', 'made')],
    [
      status('ConfigMap', 'missing', { status: 'OutOfSync' }),
      status('ConfigMap', 'extra', { status: 'OutOfSync', requiresPruning: true }),
      status('ConfigMap', 'declared'),
    ],
  )
  const facts = Object.fromEntries(
    root.children.map(({ name, isDeclared, isMissing, isPruned }) => [name, [isDeclared, isMissing, isPruned]]),
  )
  expect(facts).toEqual({
    missing: [true, true, false],
    extra: [false, false, true],
    declared: [true, false, false],
    made: [false, false, false],
  })
})

test('the reason is what is wrong with it, else what has drifted', () => {
  const drift = [{ path: 'spec.replicas', desired: 2, live: 9 }]
  const managed = [{ kind: 'Deployment', namespace: 'shop', name: 'web', drift, verdict: 'changed' }] as ResourceDiff[]
  const drifted = [status('Deployment', 'web', { status: 'OutOfSync' })]
  expect(graph([node('Deployment', 'web')], drifted, managed).children[0]?.reason).toBe('spec.replicas 2 → 9')
  const health = { status: 'Degraded', message: 'ImagePullBackOff' }
  expect(graph([node('Deployment', 'web', { health })], drifted, managed).children[0]?.reason).toBe('ImagePullBackOff')
})

test('while a sync runs each object is waiting, being synced, synced or failed, hooks by their phase', () => {
  const result = (name: string, more: object) => ({
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name,
    ...more,
  })
  const operationState = {
    phase: 'Running',
    startedAt: '2026-01-01T00:00:00Z',
    operation: { sync: {} },
    syncResult: {
      revision: 'x',
      resources: [
        result('done', { status: 'Synced' }),
        result('now', { status: 'Synced', hookPhase: 'Running' }),
        result('bad', { status: 'SyncFailed' }),
        result('hook', { hookType: 'PreSync', syncPhase: 'PreSync', hookPhase: 'Succeeded' }),
      ],
    },
  }
  const names = ['done', 'now', 'bad', 'later', 'hook']
  const root = graph(
    names.map((name) => node('ConfigMap', name)),
    names
      .filter((name) => name !== 'hook')
      .map((name) => status('ConfigMap', name, { syncWave: name === 'later' ? 1 : 0 })),
    undefined,
    { operationState },
  )
  expect(root.children.map(({ name, progress, wave }) => [name, progress, wave])).toEqual([
    ['hook', 'done', 'PreSync'],
    ['bad', 'failed', '0'],
    ['done', 'done', '0'],
    ['now', 'running', '0'],
    ['later', 'waiting', '1'],
  ])
  expect(root.children[0]).toMatchObject({ isDeclared: true, hook: { type: 'PreSync', phase: 'Succeeded' } })
  expect(waveStarts(root.children).size).toBe(3)
})

const many = Array.from({ length: 300 }, (_, index) => node('ConfigMap', `c${String(index).padStart(3, '0')}`))

test('of many nodes those of a kind that are well are one, and what is wrong stays in sight', () => {
  const bad = status('ConfigMap', 'c100', { status: 'OutOfSync' })
  const root = graph(many, [...many.map(({ name = '' }) => status('ConfigMap', name)), bad])
  const { roots, closed } = foldedGraph([root], new Map())
  const [fold, drifted, ...more] = roots[0]?.children ?? []
  expect(more).toEqual([])
  expect(fold).toMatchObject({ type: 'fold', kind: 'ConfigMap' })
  expect(fold?.members).toHaveLength(299)
  expect(drifted?.name).toBe('c100')
  expect([...closed]).toEqual([fold?.id])
  expect(fold?.children).toEqual([])
  const opened = foldedGraph([root], new Map([[fold?.id ?? '', true]]))
  expect(opened.closed.size).toBe(0)
  expect(opened.roots[0]?.children[0]?.children).toHaveLength(299)
})

test('a few nodes are never folded, and what somebody has closed is', () => {
  const root = graph([node('Deployment', 'web'), node('ReplicaSet', 'rs', { owner: 'Deployment/web' })])
  expect(foldedGraph([root], new Map()).closed.size).toBe(0)
  const id = '/Deployment/shop/web'
  expect([...foldedGraph([root], new Map([[id, false]])).closed]).toEqual([id])
})

test('a filter keeps what matches, and what it hangs below', () => {
  const root = graph([
    node('Deployment', 'web'),
    node('ReplicaSet', 'rs', { owner: 'Deployment/web' }),
    node('Pod', 'well', { owner: 'ReplicaSet/rs', health: { status: 'Healthy' } }),
    node('Pod', 'ill', { owner: 'ReplicaSet/rs', health: { status: 'Degraded' } }),
    node('Service', 'web'),
  ])
  const filter = { kinds: [], health: ['Degraded'], sync: [], text: '' }
  expect(idsOf(filteredGraph(root, filter))).toEqual(['/Deployment/shop/web', '/ReplicaSet/shop/rs', '/Pod/shop/ill'])
  expect(idsOf(filteredGraph(root, { ...filter, health: [], text: 'service' }))).toEqual(['/Service/shop/web'])
})

test('what no application declares hangs below a node of its own, and is filtered as the rest is', () => {
  expect(orphanGraph(treeOf([]))).toBeUndefined()
  const nodes = [
    node('ConfigMap', 'left'),
    node('Deployment', 'old'),
    node('ReplicaSet', 'rs', { owner: 'Deployment/old' }),
  ]
  const orphans = orphanGraph({ ...treeOf([]), orphanedNodes: nodes })
  if (!orphans) throw new Error('there are some')
  const below = [...allNodes(orphans)].slice(1)
  expect(below.map(({ name, isOrphaned, isDeclared }) => [name, isOrphaned, isDeclared])).toEqual([
    ['old', true, false],
    ['rs', true, false],
    ['left', true, false],
  ])
  const kinds = { kinds: ['ReplicaSet'], health: [], sync: [], text: '' }
  expect([...allNodes(filteredGraph(orphans, kinds))].map(({ name }) => name)).toEqual(['', 'old', 'rs'])
})
