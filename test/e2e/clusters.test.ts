/** Applications on several clusters: registered, renamed, restricted, removed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { startClusterGate } from './cluster-gate.ts'
import { configMap } from './manifests.ts'
import { declareCluster, type SandboxCluster, startSandboxCluster, withdrawCluster } from './sandbox-cluster.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let far: SandboxCluster
let api: SignedIn['api']

beforeAll(async () => {
  far = await startSandboxCluster()
  world = await startWorld()
  world.secrets.push(far.token)
  api = (await signIn(world)).api
})
afterAll(async () => {
  await world.stop()
  await far.stop()
})

const finalizers = ['resources-finalizer.argocd.argoproj.io']

function applicationTarget({ controlNamespace: namespace }: World, { name }: App) {
  return { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace, name }
}

function project({ controlNamespace: namespace }: World, name: string) {
  const everything = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] }
  const spec = { ...everything, clusterResourceWhitelist: [{ group: '*', kind: '*' }] }
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name, namespace }, spec }
}

const clusterRole = (name: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${name}}\nrules: []\n`

const conditions = (app: App) => (app.status().conditions ?? []).map(({ message }) => message).join('\n')

function mapOn(cluster: SandboxCluster, namespace: string, name = 'settings') {
  return cluster.client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name })
}

test('a cluster is registered by a Secret, and applications go there by its name or its address', async () => {
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const byName = await world.application(repository, {
    destination: { name: 'far', namespace: world.unique('by-name') },
  })
  const unknown = /far is not known: register it/
  await byName.until('it says that there is no such cluster', () => unknown.test(conditions(byName)))
  await declareCluster(world, 'far', { name: 'far', server: `${far.server}/`, config: far.config })
  await byName.settled()
  const namespace = world.unique('by-server')
  const byServer = await world.application(repository, { destination: { server: far.server, namespace } })
  await byServer.settled()
  expect((await mapOn(far, byName.namespace))?.data).toEqual({ a: '1' })
  expect((await mapOn(far, namespace))?.data).toEqual({ a: '1' })
  // Nothing of it has gone to the cluster that Tiphys runs in.
  expect(await byServer.live('ConfigMap', 'settings')).toBeUndefined()
  repository.commit({ 'settings.yaml': configMap('settings', { a: '2' }) })
  await expect.poll(async () => (await mapOn(far, namespace))?.data, { timeout: 20_000 }).toEqual({ a: '2' })
  await far.client.delete({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'settings' })
  await expect.poll(async () => (await mapOn(far, namespace))?.data, { timeout: 20_000 }).toEqual({ a: '2' })
  const { items } = await api.call(routes.clusters.list, { query: { name: 'far' } })
  expect(items[0]).toMatchObject({
    server: far.server,
    connectionState: { status: 'Successful', message: '' },
    info: { applicationsCount: 2, serverVersion: expect.stringMatching(/^v1\./) },
  })
  expect(items[0]?.info?.cacheInfo?.resourcesCount).toBeGreaterThan(2)
})

test('a cluster that is registered for some namespaces is told only of those, and nothing else is deployed there', async () => {
  const [inside, outside] = [world.unique('inside'), world.unique('outside')]
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  for (const name of [inside, outside]) await far.client.apply(namespace(name))
  const gate = await startClusterGate(far)
  const restricted = { name: 'restricted', server: gate.url, config: far.config, namespaces: inside }
  await declareCluster(world, 'restricted', restricted)
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const app = await world.application(repository, { destination: { name: 'restricted', namespace: inside } })
  await app.settled()
  expect((await mapOn(far, inside))?.data).toEqual({ a: '1' })
  const astray = await world.application(repository, { destination: { name: 'restricted', namespace: outside } })
  const said = /registered for the namespaces .*inside.* only: add its namespace/
  await astray.until('it says that the namespace is not for it', () => said.test(conditions(astray)))
  repository.commit({ 'role.yaml': clusterRole('reader') })
  await app.until('it says that nothing outside of namespaces is for it', () =>
    /ClusterRole.*in no namespace.*clusterResources/.test(conditions(app)),
  )
  expect(await mapOn(far, outside)).toBeUndefined()
  // Nothing was asked of all namespaces, nor of kinds that have none.
  const lists = gate.asked.filter((path) => /limit=|watch=/.test(path))
  expect(lists.length).toBeGreaterThan(5)
  expect(lists.filter((path) => !path.includes(`/namespaces/${inside}/`))).toEqual([])
  await withdrawCluster(world, 'restricted')
  await gate.close()
})

test('a cluster of one project is refused to all others', async () => {
  await world.client.apply(project(world, 'team'))
  await declareCluster(world, 'far', { name: 'far', server: far.server, config: far.config, project: 'team' })
  const repository = world.repository({ 'settings.yaml': configMap('settings') })
  const destination = { name: 'far', namespace: world.unique('team') }
  const stranger = await world.application(repository, { destination })
  const said = /does not permit the destination cluster far .*registered for another project alone/
  await stranger.until('it is refused', () => said.test(conditions(stranger)))
  const own = await world.application(repository, { project: 'team', destination })
  await own.settled()
  await declareCluster(world, 'far', { name: 'far', server: far.server, config: far.config, project: '' })
})

test('two Secrets with the same name or server are told of, and nothing is done until there is one', async () => {
  const other = await startSandboxCluster()
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const namespace = world.unique('twice')
  const app = await world.application(repository, { destination: { name: 'far', namespace } })
  await app.settled()
  await declareCluster(world, 'second', { name: 'far', server: other.server, config: other.config })
  const twice = /several clusters are registered with the name far \(Secrets far, second\)/
  await app.until('it says that it is not plain which is meant', () => twice.test(conditions(app)))
  expect(app.status().sync?.status).toBe('Unknown')
  // Nor is anything deleted, or left behind.
  await world.client.patch(applicationTarget(world, app), { metadata: { finalizers } }, { type: 'merge' })
  await world.client.delete(applicationTarget(world, app))
  await app.until('the deletion waits', () => twice.test(conditions(app)))
  expect((await mapOn(far, namespace))?.data).toEqual({ a: '1' })
  await withdrawCluster(world, 'second')
  await expect.poll(() => mapOn(far, namespace), { timeout: 20_000 }).toBeUndefined()
  await expect.poll(() => app.current()).toBeUndefined()
  const byServer = await world.application(repository, { destination: { server: far.server, namespace } })
  await byServer.settled()
  await declareCluster(world, 'third', { name: 'another', server: `${far.server}/`, config: far.config })
  const both = /several clusters are registered with the server .* \(Secrets far, third\)/
  await byServer.until('it says so of the server', () => both.test(conditions(byServer)))
  await withdrawCluster(world, 'third')
  await byServer.settled()
  await other.stop()
})

test('a cluster whose Secret asks for it is left alone, with all that goes there', async () => {
  const other = await startSandboxCluster()
  const gate = await startClusterGate(other)
  const secret = { name: 'agent', server: gate.url, config: other.config }
  const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' }
  await declareCluster(world, 'agent', { ...secret, annotations })
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const destination = { name: 'agent', namespace: world.unique('agent') }
  const app = await world.application(repository, { destination })
  await expect.poll(async () => (await agent())?.info?.applicationsCount).toBe(1)
  await sleep(3_000)
  expect(gate.asked).toEqual([])
  expect(app.current()?.status).toBeUndefined()
  expect(await agent()).toMatchObject({
    connectionState: { status: 'Unknown', message: expect.stringMatching(/left alone.*skip-reconcile/) },
  })
  const refresh = api.call(routes.applications.get, { params: { name: app.name }, query: { refresh: 'normal' } })
  await expect(refresh).rejects.toThrow(/left alone/)
  // As soon as it is not asked for any more it is a cluster like others, and when it is asked for again it stays as it is.
  await declareCluster(world, 'agent', { ...secret, annotations: {} })
  await app.settled()
  expect((await mapOn(other, app.namespace))?.data).toEqual({ a: '1' })
  await declareCluster(world, 'agent', { ...secret, annotations })
  await expect.poll(async () => (await agent())?.connectionState?.status).toBe('Unknown')
  await world.client.patch(applicationTarget(world, app), { metadata: { finalizers } }, { type: 'merge' })
  await world.client.delete(applicationTarget(world, app))
  await sleep(3_000)
  expect(app.current()?.metadata.deletionTimestamp).toBeDefined()
  expect((await mapOn(other, app.namespace))?.data).toEqual({ a: '1' })
  await declareCluster(world, 'agent', { ...secret, annotations: {} })
  await expect.poll(() => app.current(), { timeout: 20_000 }).toBeUndefined()
  expect(await mapOn(other, app.namespace)).toBeUndefined()
  await withdrawCluster(world, 'agent')
  await gate.close()
  await other.stop()

  async function agent() {
    const { items } = await api.call(routes.clusters.list, { query: { name: 'agent' } })
    return items[0]
  }
})

test('a Secret that asks for it carries the version of Kubernetes as a label', async () => {
  const labels = { 'argocd.argoproj.io/auto-label-cluster-info': 'true' }
  await declareCluster(world, 'labelled', { name: 'labelled', server: `${far.server}/`, config: far.config, labels })
  await withdrawCluster(world, 'far')
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: world.controlNamespace, name: 'labelled' }
  const version = async () => {
    const { metadata } = (await world.client.get(target)) ?? {}
    return metadata?.labels?.['argocd.argoproj.io/kubernetes-version']
  }
  await expect.poll(version, { timeout: 20_000 }).toMatch(/^v1\.\d+\.\d+$/)
  await withdrawCluster(world, 'labelled')
  await declareCluster(world, 'far', { name: 'far', server: far.server, config: far.config })
})

test('the cluster that Tiphys runs in has another name by a Secret, and can be done without', async () => {
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const inCluster = 'https://kubernetes.default.svc'
  await declareCluster(world, 'home', { name: 'home', server: inCluster, config: { tlsClientConfig: {} } })
  const app = await world.application(repository, { destination: { name: 'home', namespace: world.unique('home') } })
  await app.settled()
  expect(await app.live('ConfigMap', 'settings')).toBeDefined()
  const setting = async (value: string) => {
    const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace, name: 'argocd-cm' }
    await world.client.patch(target, { data: { 'cluster.inClusterEnabled': value } }, { type: 'merge' })
  }
  await setting('false')
  await app.until('the cluster is not known any more', () => /home is not known/.test(conditions(app)))
  await setting('true')
  await app.settled()
  await withdrawCluster(world, 'home')
})

test('a sync waits while its cluster is read anew, as when it is followed in one more namespace', async () => {
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const app = await world.application(repository)
  await app.settled()
  const followed = [app.namespace]
  for (let round = 1; round <= 3; round++) {
    followed.push(world.unique('more'))
    const fields = { name: 'in-cluster', server: 'https://kubernetes.default.svc', namespaces: followed.join(',') }
    await declareCluster(world, 'home', { ...fields, config: { tlsClientConfig: {} } })
    expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })
    expect(conditions(app)).toBe('')
    expect(app.status().sync?.status).toBe('Synced')
  }
  await withdrawCluster(world, 'home')
})

test('a cluster that is removed leaves what runs there, and its applications say that it is not known', async () => {
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const app = await world.application(repository, { destination: { name: 'far', namespace: world.unique('removed') } })
  await app.settled()
  const { resources } = app.status()
  await withdrawCluster(world, 'far')
  await app.until('it says so', () => /destination cluster far is not known/.test(conditions(app)))
  expect(app.status().sync?.status).toBe('Unknown')
  expect(app.status().resources).toEqual(resources)
  expect((await mapOn(far, app.namespace))?.data).toEqual({ a: '1' })
  await declareCluster(world, 'far', { name: 'far', server: far.server, config: far.config })
  await app.settled()
})

test('Prometheus is told how each cluster is', async () => {
  const text = await (await fetch(world.tiphys().metricsUrl ?? '')).text()
  const value = (name: string) => new RegExp(`^${name}\\{server="${far.server}".*\\} (\\S+)$`, 'm').exec(text)?.[1]
  expect(value('argocd_cluster_connection_status')).toBe('1')
  expect(value('argocd_cluster_info')).toBe('1')
  expect(Number(value('argocd_cluster_api_resources'))).toBeGreaterThan(10)
  expect(Number(value('argocd_cluster_api_resource_objects'))).toBeGreaterThan(10)
  expect(Number(value('argocd_cluster_cache_age_seconds'))).toBeLessThan(10)
  expect(text).toMatch(/^argocd_cluster_info\{server="[^"]+",k8s_version="v1[^"]+",name="far"\} 1$/m)
  expect(text).toContain(`argocd_cluster_events_total{server="${far.server}"`)
})
