import { afterEach, expect, test, vi } from 'vitest'
import { configMaps, type ServedKind, startUnrulyServer, type UnrulyServer } from '../../test/unruly-server.ts'
import { connect } from '../kube/connect.ts'
import { keyText, type ResourceKey } from '../model/index.ts'
import type { LiveChange } from './live-cluster.ts'
import { openLiveCluster } from './open-live-cluster.ts'
import { rememberWrites } from './remember-writes.ts'

const kind = (group: string, kind: string, resource: string, namespaced = true): ServedKind => ({
  group,
  version: 'v1',
  kind,
  resource,
  namespaced,
})
const deployments = kind('apps', 'Deployment', 'deployments')
const replicaSets = kind('apps', 'ReplicaSet', 'replicasets')
const pods = kind('', 'Pod', 'pods')
const secrets = kind('', 'Secret', 'secrets')
const namespaces = kind('', 'Namespace', 'namespaces', false)
const events = kind('', 'Event', 'events')
const definitions = kind('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', false)
const widgets = kind('example.com', 'Widget', 'widgets')
const everyKind = [configMaps, deployments, replicaSets, pods, secrets, namespaces, events, definitions]

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function start(prepare: (server: UnrulyServer) => void = () => {}, settings = {}) {
  const server = await startUnrulyServer([...everyKind])
  prepare(server)
  const client = connect({ name: 'test', server: server.url, authenticate: async () => ({ headers: {} }) })
  const log = { debug: () => {}, info: () => {}, warn: () => {} }
  const live = openLiveCluster({ client, settings, log })
  const changes: LiveChange[] = []
  live.onChange((change) => changes.push(change))
  opened.push(
    () => server.stop(),
    () => client.close(),
    () => live.close(),
  )
  return { server, client, live, changes }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 })
const shop = (name: string) => ({ namespace: 'shop', name })
const tracked = (group: string, kind: string, name: string) => ({
  annotations: { 'argocd.argoproj.io/tracking-id': `web:${group}/${kind}:shop/${name}` },
})
const ownedBy = ({ metadata, kind, apiVersion }: ReturnType<UnrulyServer['put']>) => ({
  ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
})
const key = (group: string, kind: string, name: string): ResourceKey => ({ group, kind, namespace: 'shop', name })
const ours = { manager: 'argocd-controller', operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:data': {} } }
const theirs = { manager: 'kubectl', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:data': {} } }

function deploy(server: UnrulyServer) {
  const metadata = { ...tracked('apps', 'Deployment', 'web'), managedFields: [theirs, ours] }
  const deployment = server.put(deployments, shop('web'), { metadata, spec: { replicas: 1 } })
  const replicaSet = server.put(replicaSets, shop('web-1'), {
    metadata: ownedBy(deployment),
    spec: { replicas: 1, template: {} },
  })
  const pod = server.put(pods, shop('web-1-a'), {
    metadata: ownedBy(replicaSet),
    spec: { containers: [{ name: 'main', image: 'nginx', env: [] }] },
    status: { phase: 'Running' },
  })
  return { deployment, replicaSet, pod }
}

test('a tracked object is kept in full, found by application, and its descendants by owner', async () => {
  const { live, server } = await start((server) => void deploy(server))
  await live.ready()
  await until(() => expect(live.get(key('apps', 'Deployment', 'web'))?.full).toBe(true))
  const deployment = live.get(key('apps', 'Deployment', 'web'))
  expect(live.managedBy('web')).toEqual([deployment])
  expect(deployment?.object).toMatchObject({ spec: { replicas: 1 }, metadata: { managedFields: [ours] } })
  const [replicaSet] = live.children(deployment?.uid ?? '')
  expect(replicaSet?.key.name).toBe('web-1')
  await until(() => expect(live.children(replicaSet?.uid ?? '')[0]?.object.status).toEqual({ phase: 'Running' }))
  expect(live.children(replicaSet?.uid ?? '')[0]?.object.spec).toEqual({
    containers: [{ name: 'main', image: 'nginx' }],
  })
  expect(server.log.filter((line) => line.includes('/events'))).toEqual([])
})

test('kinds that nobody declares are followed by metadata, others in full once they are required', async () => {
  const { live } = await start((server) => {
    server.put(configMaps, shop('untracked'), { data: { a: 'b' } })
    server.put(secrets, shop('untracked'), { data: { a: 'b' } })
  })
  await live.ready()
  const modes = () => live.state().kinds.filter(({ full }) => full)
  expect(modes()).toEqual([])
  await live.require([{ group: '', kind: 'ConfigMap' }])
  expect(modes().map(({ kind }) => kind)).toEqual(['ConfigMap', 'Pod', 'Deployment', 'ReplicaSet'])
  // Nobody's objects are not kept in full all the same.
  expect(live.get(key('', 'ConfigMap', 'untracked'))).toMatchObject({ full: false, object: { kind: 'ConfigMap' } })
  expect(live.get(key('', 'ConfigMap', 'untracked'))?.object).not.toHaveProperty('data')
})

test('an event of a pod is told for the application at the top, and says when only status moved', async () => {
  const { live, server, changes } = await start((server) => void deploy(server))
  await live.ready()
  await live.require([
    { group: 'apps', kind: 'Deployment' },
    { group: '', kind: 'Pod' },
  ])
  const { deployment, pod } = Object.fromEntries(
    [...server.objects(deployments), ...server.objects(pods)].map((object) => [object.kind.toLowerCase(), object]),
  )
  changes.length = 0
  server.put(pods, shop('web-1-a'), { ...pod, status: { phase: 'Failed' } })
  server.put(deployments, shop('web'), { ...deployment, status: { readyReplicas: 0 } })
  server.put(deployments, shop('web'), { ...deployment, spec: { replicas: 2 } })
  server.remove(pods, shop('web-1-a'))
  await until(() => expect(changes).toHaveLength(4))
  expect(changes.map(({ key, ...rest }) => ({ key: keyText(key), ...rest }))).toEqual(
    expect.arrayContaining([
      { key: '/Pod/shop/web-1-a', type: 'modified', instances: ['web'], tracked: false, statusOnly: true },
      { key: 'apps/Deployment/shop/web', type: 'modified', instances: ['web'], tracked: true, statusOnly: true },
      { key: 'apps/Deployment/shop/web', type: 'modified', instances: ['web'], tracked: true, statusOnly: false },
      { key: '/Pod/shop/web-1-a', type: 'deleted', instances: ['web'], tracked: false, statusOnly: false },
    ]),
  )
})

test('the hash of the content stays the same while only status moves', async () => {
  const { live, server, changes } = await start((server) => void deploy(server))
  await live.ready()
  await live.require([{ group: 'apps', kind: 'Deployment' }])
  const hash = () => live.get(key('apps', 'Deployment', 'web'))?.contentHash
  const before = hash()
  const [deployment] = server.objects(deployments)
  server.put(deployments, shop('web'), { ...deployment, status: { readyReplicas: 1 } })
  await until(() => expect(changes).toHaveLength(1))
  expect(hash()).toBe(before)
  server.put(deployments, shop('web'), { ...deployment, spec: { replicas: 2 } })
  await until(() => expect(changes).toHaveLength(2))
  expect(hash()).not.toBe(before)
})

test('a kind whose definition arrives later is followed, and is forgotten when its definition goes', async () => {
  const { live, server } = await start()
  await live.ready()
  const news: string[] = []
  live.onKinds(({ added, removed }) =>
    news.push(...added.map(({ kind }) => `+${kind}`), ...removed.map(({ kind }) => `-${kind}`)),
  )
  server.put(definitions, { name: 'widgets.example.com' })
  // Discovery lags behind the definition.
  await new Promise((resolve) => setTimeout(resolve, 400))
  server.kinds.push(widgets)
  server.put(widgets, shop('one'))
  await until(() => expect(live.get(key('example.com', 'Widget', 'one'))).toBeDefined())
  expect(live.scope('example.com', 'Widget')).toBe('Namespaced')

  server.kinds.pop()
  server.disconnect('end')
  server.remove(definitions, { name: 'widgets.example.com' })
  await until(() => expect(live.get(key('example.com', 'Widget', 'one'))).toBeUndefined())
  expect(live.scope('example.com', 'Widget')).toBeUndefined()
  expect(news).toEqual(['+Widget', '-Widget'])
})

test('a kind that may not be read is reported, and the others go on', async () => {
  const { live } = await start((server) => {
    server.put(configMaps, shop('one'))
    const body = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'secrets is forbidden' }
    server.misbehave(({ url }) => (url.pathname.endsWith('/secrets') ? { status: 403, body } : undefined))
  })
  await live.ready()
  expect(live.state()).toMatchObject({ status: 'synced' })
  expect(live.state().kinds.find(({ kind }) => kind === 'Secret')).toMatchObject({
    status: 'failing',
    message: 'secrets is forbidden',
  })
  await live.require([{ group: '', kind: 'ConfigMap' }])
  await expect(live.require([{ group: '', kind: 'Secret' }])).rejects.toThrow(
    'cannot follow Secret: secrets is forbidden; grant get, list and watch on it to the account that Tiphys uses',
  )
})

test('a cluster that cannot be reached says so, and is there when it comes back', async () => {
  const { live, server } = await start()
  await live.ready()
  await server.stop()
  await until(() => expect(live.state()).toMatchObject({ status: 'failing', message: /cannot reach http/ }))
  server.put(configMaps, shop('late'))
  await server.start()
  await until(() => expect(live.get(key('', 'ConfigMap', 'late'))).toBeDefined())
  await until(() => expect(live.state().status).toBe('synced'))
})

test('a cluster that cannot be reached from the beginning refuses instead of keeping callers waiting', async () => {
  const server = await startUnrulyServer()
  await server.stop()
  const client = connect({ name: 'test', server: server.url, authenticate: async () => ({ headers: {} }) })
  const live = openLiveCluster({ client, log: { debug: () => {}, info: () => {}, warn: () => {} } })
  opened.push(() => live.close())
  const reason = /the kinds of http.* are not known yet: cannot reach http/
  await expect(live.require([{ group: '', kind: 'ConfigMap' }])).rejects.toThrow(reason)
  expect(live.state()).toMatchObject({ status: 'failing', objects: 0 })
  expect(() => live.resources()).toThrow(reason)
})

test('only the namespaces that were named are followed', async () => {
  const { live, server } = await start(
    (server) => {
      server.put(configMaps, shop('mine'))
      server.put(configMaps, { namespace: 'other', name: 'theirs' })
    },
    { namespaces: ['shop', 'second'] },
  )
  await live.ready()
  expect(live.state().objects).toBe(1)
  server.put(configMaps, { namespace: 'second', name: 'more' })
  await until(() => expect(live.state().objects).toBe(2))
  expect(live.state().kinds.map(({ kind }) => kind)).not.toContain('Namespace')
  expect(live.namespaceExists('shop')).toBe(true)
})

test('what we wrote is there before the watch tells of it', async () => {
  const { live, server } = await start((server) => void deploy(server))
  await live.ready()
  await live.require([{ group: 'apps', kind: 'Deployment' }])
  const [deployment] = server.objects(deployments)
  if (!deployment) throw new Error('no deployment')
  const resourceVersion = String(Number(deployment.metadata.resourceVersion) + 1_000)
  live.remember({ ...deployment, metadata: { ...deployment.metadata, resourceVersion }, spec: { replicas: 7 } })
  expect(live.get(key('apps', 'Deployment', 'web'))?.object.spec).toEqual({ replicas: 7 })
  live.forget(key('apps', 'Deployment', 'web'), deployment.metadata.uid)
  expect(live.managedBy('web')).toEqual([])
})

test('a definition that prefers another version is followed there, and its objects are never missing meanwhile', async () => {
  const { live, server, changes } = await start((server) => {
    server.kinds.push(widgets)
    const metadata = tracked('example.com', 'Widget', 'one')
    server.put(definitions, { name: 'widgets.example.com' }, { metadata: { generation: 1 } })
    server.put(widgets, shop('one'), { metadata })
    server.put({ ...widgets, version: 'v2' }, shop('one'), { metadata })
  })
  await live.ready()
  const widget = () => live.get(key('example.com', 'Widget', 'one'))
  expect(widget()?.object.apiVersion).toBe('example.com/v1')
  changes.length = 0
  server.kinds.splice(server.kinds.indexOf(widgets), 1, { ...widgets, version: 'v2' })
  server.put(definitions, { name: 'widgets.example.com' }, { metadata: { generation: 2 } })
  await until(() => {
    expect(widget()).toBeDefined()
    expect(widget()?.object.apiVersion).toBe('example.com/v2')
  })
  expect(live.managedBy('web')).toEqual([widget()])
  expect(changes.filter(({ type }) => type === 'deleted')).toEqual([])
})

test('a namespace that is being deleted is there until its last object is gone', async () => {
  const { live, client } = await start((server) => void server.put(namespaces, { name: 'shop' }))
  await live.ready()
  const uid = live.get({ ...key('', 'Namespace', 'shop'), namespace: '' })?.uid
  const metadata = { name: 'shop', uid, resourceVersion: '900', deletionTimestamp: '2026-01-01T00:00:00Z' }
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata, spec: { finalizers: ['kubernetes'] } }
  const patched = async (spec: object) => ({ ...object, spec, metadata: { ...metadata, resourceVersion: '901' } })
  const outcome = { state: 'terminating' as const, object }
  const held = rememberWrites({ ...client, delete: async () => outcome, patch: ({ name }) => patched({ name }) }, live)
  const target = { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: 'shop' }
  await held.delete(target)
  expect(live.namespaceExists('shop')).toBe(true)
  await held.patch(target, {}, { type: 'merge', dryRun: true })
  expect(live.namespaceExists('shop')).toBe(true)
  await held.patch(target, {}, { type: 'merge' })
  expect(live.namespaceExists('shop')).toBe(false)
})

test('an integer beyond 2^53 is kept as it is', async () => {
  const { live } = await start((server) => {
    const metadata = tracked('apps', 'Deployment', 'web')
    server.misbehave(({ url }) =>
      url.pathname.endsWith('/deployments') && !url.searchParams.has('watch')
        ? {
            status: 200,
            raw: `{"metadata":{"resourceVersion":"5"},"items":[${JSON.stringify({ metadata: { ...metadata, ...shop('web'), uid: 'u', resourceVersion: '4' } }).slice(0, -1)},"spec":{"replicas":9007199254740993}}]}`,
          }
        : undefined,
    )
  })
  await live.ready()
  await live.require([{ group: 'apps', kind: 'Deployment' }])
  expect(live.get(key('apps', 'Deployment', 'web'))?.object.spec).toEqual({ replicas: 9007199254740993n })
})
