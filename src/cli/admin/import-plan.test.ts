import { expect, test } from 'vitest'
import type { KubeObject } from '../../model/index.ts'
import { exported } from './export.ts'
import { importPlan } from './import-plan.ts'

const namespace = 'argocd'
const options = {
  namespace,
  others: { applications: ['team-*'], applicationSets: [] },
  ignoreTracking: false,
  stopOperation: false,
}

function application(name: string, more: object = {}, metadata: object = {}): KubeObject {
  const known = { name, namespace, uid: 'u', resourceVersion: '7', ...metadata }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: known,
    spec: { project: 'default' },
    ...more,
  }
}

const secret = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels },
  data: { a: 'YQ==' },
})
const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm', namespace },
  data: {},
}

const verbs = (wanted: KubeObject[], live: KubeObject[], more: object = {}) =>
  importPlan(wanted, live, { ...options, ...more }).map(({ verb, object }) => `${verb} ${object.metadata.name}`)

const backedUp = (object: KubeObject) => exported(object, namespace)

test('what was exported of what is there comes to nothing', () => {
  const live = [
    settings,
    secret('argocd-secret'),
    application('shop', { status: { sync: { status: 'Synced' } }, operation: { sync: {} } }, { finalizers: ['x'] }),
    application('far', {}, { namespace: 'team-a' }),
  ]
  expect(new Set(importPlan(live.map(backedUp), live, options).map(({ verb }) => verb))).toEqual(new Set(['keep']))
})

test('what is missing is made, what differs is changed, and what is left over would be pruned', () => {
  const live = [application('same'), application('other', { spec: { project: 'x' } }), application('extra'), settings]
  const wanted = [application('same'), application('other'), application('new')].map(backedUp)
  expect(verbs(wanted, live)).toEqual(['keep same', 'update other', 'create new', 'prune extra'])
})

test('a change keeps what only the cluster knows', () => {
  const live = application('shop', { spec: { project: 'x' }, operation: { sync: {} } }, { labels: { old: 'y' } })
  const [step] = importPlan([backedUp(application('shop', { status: { history: [] } }))], [live], options)
  expect(step?.object).toMatchObject({
    metadata: { uid: 'u', resourceVersion: '7' },
    spec: { project: 'default' },
    status: { history: [] },
    operation: { sync: {} },
  })
  expect(step?.object.metadata).not.toHaveProperty('labels')
})

test('an operation under way is taken off only where that is asked for', () => {
  const live = application('shop', { operation: { sync: {} } })
  const wanted = [backedUp(application('shop'))]
  expect(verbs(wanted, [live])).toEqual(['keep shop'])
  const [step] = importPlan(wanted, [live], { ...options, stopOperation: true })
  expect(step?.verb).toBe('update')
  expect(step?.object).not.toHaveProperty('operation')
})

test('what carries the label is left alone in every way', () => {
  const labels = { keep: 'yes' }
  const wanted = [application('a', { spec: {} }, { labels })]
  const live = [application('a'), application('b', {}, { labels })]
  expect(verbs(wanted, live, { skipLabel: 'keep=yes' })).toEqual(['skip a', 'skip b'])
})

test('tracking marks of what is there stay where that is asked for', () => {
  const mark = (value: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': value } })
  const wanted = [application('shop', {}, mark('old'))]
  const live = [application('shop', {}, mark('new'))]
  expect(verbs(wanted, live)).toEqual(['update shop'])
  expect(verbs(wanted, live, { ignoreTracking: true })).toEqual(['keep shop'])
})

test('settings, and the Secret with accounts and keys, are never pruned', () => {
  const credentials = secret('repo', { 'argocd.argoproj.io/secret-type': 'repository' })
  expect(verbs([], [settings, secret('argocd-secret'), credentials])).toEqual(['prune repo'])
})

test('what is nothing of an installation is refused, and so is another namespace', () => {
  const refused = importPlan([secret('stolen'), application('x', {}, { namespace: 'kube-system' })], [], options)
  expect(refused.map(({ verb, reason }) => [verb, reason])).toEqual([
    ['refuse', 'it is nothing of an installation'],
    ['refuse', 'nothing of this kind is taken in namespace kube-system'],
  ])
  expect(verbs([application('x', {}, { namespace: 'team-a' })], [])).toEqual(['create x'])
})
