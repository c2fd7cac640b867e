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

test('what only Tiphys has is taken, and stays where the file, as one of Argo CD, has none of it', () => {
  const updater: KubeObject = {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name: 'images', namespace },
    spec: {},
  }
  const own = [
    { ...settings, metadata: { name: 'argocd-notifications-cm', namespace } },
    { ...settings, metadata: { name: 'argocd-image-updater-config', namespace } },
    secret('argocd-notifications-secret'),
    secret('argocd-server-tls'),
    secret('argocd-redis'),
    secret('slack', { 'app.kubernetes.io/part-of': 'argocd' }),
    { ...updater, status: { imagesManaged: 1 } },
  ]
  expect(new Set(importPlan(own.map(backedUp), [], options).map(({ verb }) => verb))).toEqual(new Set(['create']))
  expect(new Set(importPlan(own.map(backedUp), own, options).map(({ verb }) => verb))).toEqual(new Set(['keep']))
  expect(verbs([], [...own, secret('tiphys-access')])).toEqual([])
})

test('what belongs to one cluster alone is none of a backup', () => {
  const labels = { 'app.kubernetes.io/part-of': 'argocd' }
  const ofCluster = ['helm.sh/release.v1', 'kubernetes.io/service-account-token'].map((type) => ({
    ...secret('a', labels),
    type,
  }))
  expect(importPlan(ofCluster, [], options).map(({ verb }) => verb)).toEqual(['refuse', 'refuse'])
  const other = { ...secret('argocd-redis'), data: { auth: 'b3RoZXI=' } }
  expect(verbs([other], [secret('argocd-redis')])).toEqual(['keep argocd-redis'])
})

test('what was revoked in the backup or since is revoked, before the keys that make it valid are brought back', () => {
  const revoked = (...ids: string[]) => {
    const text = JSON.stringify({ tokens: ids.map((id) => [id, 'ann', 1, 2]), cutoffs: [] })
    return { ...secret('tiphys-access'), data: { revocations: Buffer.from(text).toString('base64') } }
  }
  const plan = importPlan([secret('argocd-secret'), revoked('old')], [revoked('new')], options)
  expect(plan.map(({ object }) => object.metadata.name)).toEqual(['tiphys-access', 'argocd-secret'])
  expect(plan[0]?.object.data).toEqual(revoked('new', 'old').data)
  expect(verbs([revoked('old')], [revoked('old', 'new')])).toEqual(['keep tiphys-access'])
})

test('namespaces may be named by regular expressions, as in the settings', () => {
  const others = { applications: ['/^team-[ab]$/'], applicationSets: [] }
  const taken = (home: string) => verbs([application('x', {}, { namespace: home })], [], { others })
  expect(taken('team-a')).toEqual(['create x'])
  expect(taken('team-c')).toEqual(['refuse x'])
})
