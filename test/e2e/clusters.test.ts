/** Applications on several clusters: registered, renamed, restricted, removed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { configMap } from './manifests.ts'
import { declareCluster, type SandboxCluster, startSandboxCluster } from './sandbox-cluster.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let far: SandboxCluster
let api: SignedIn['api']

beforeAll(async () => {
  far = await startSandboxCluster()
  world = await startWorld()
  api = (await signIn(world)).api
})
afterAll(async () => {
  await world.stop()
  await far.stop()
})

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
