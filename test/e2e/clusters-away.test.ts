/** A cluster that cannot be reached, or does not tell the truth: its applications say so, and no others notice. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { type ClusterGate, startClusterGate } from './cluster-gate.ts'
import { configMap } from './manifests.ts'
import { declareCluster, type SandboxCluster, startSandboxCluster } from './sandbox-cluster.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

/** So soon an application has to say that its cluster is away. */
const soonMs = 10_000

let world: World
let far: SandboxCluster
let other: SandboxCluster
let gate: ClusterGate
let repository: Repository
let near: App
let app: App
let client: SignedIn

beforeAll(async () => {
  far = await startSandboxCluster()
  other = await startSandboxCluster()
  gate = await startClusterGate(far)
  await gate.shut()
  world = await startWorld()
  world.secrets.push(far.token, other.token)
  repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  near = await world.application(repository)
  app = await world.application(repository, { destination: { name: 'far', namespace: world.unique('far') } })
  await near.settled()
})
afterAll(async () => {
  await world.stop()
  await gate.close()
  await far.stop()
  await other.stop()
})
afterEach(() => nearWorks())

const declare = (fields: Partial<Parameters<typeof declareCluster>[2]> = {}) =>
  declareCluster(world, 'far', { name: 'far', server: gate.url, config: far.config, ...fields })

const conditions = (one: App) => (one.status().conditions ?? []).map(({ message }) => message).join('\n')

async function says(text: RegExp): Promise<void> {
  await app.until(`it says ${text}`, () => text.test(conditions(app)), soonMs)
  expect(conditions(app)).toContain('cluster far')
  expect(app.status().sync?.status).toBe('Unknown')
}

async function recovers(): Promise<void> {
  await app.until(
    'all is well again',
    ({ sync, conditions = [] }) => sync?.status === 'Synced' && conditions.length === 0,
    20_000,
  )
}

const settings = () =>
  far.client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'settings' })

async function caughtUp(): Promise<void> {
  await expect.poll(async () => (await settings())?.data, { timeout: 30_000 }).toEqual({ a: String(round) })
  await app.settled()
}

let round = 1
/** What goes elsewhere is deployed as if nothing were wrong. */
async function nearWorks(): Promise<void> {
  const a = String(++round)
  repository.commit({ 'settings.yaml': configMap('settings', { a }) })
  await expect
    .poll(async () => (await near.live('ConfigMap', 'settings'))?.data, { timeout: 8_000, interval: 100 })
    .toEqual({ a })
}

test('a cluster that is away at the start is waited for, and Tiphys starts without it', async () => {
  await declare()
  await says(/ECONNREFUSED.*check that it runs/)
  await world.restart()
  client = await signIn(world)
  await nearWorks()
  await gate.open()
  await app.settled()
  expect(await settings()).toBeDefined()
  await recovers()
})

test('a cluster that freezes leaves everything as it was, and what happened meanwhile is caught up with', async () => {
  await caughtUp()
  const { resources } = app.status()
  gate.freeze()
  await says(/no answer within 4 s/)
  expect(app.status().resources).toEqual(resources)
  await nearWorks()
  const shown = await client.api.call(routes.clusters.get, { params: { id: 'far' }, query: { 'id.type': 'name' } })
  expect(shown.connectionState).toMatchObject({ status: 'Failed', message: expect.stringMatching(/no answer/) })
  expect(shown.info?.cacheInfo?.resourcesCount).toBeGreaterThan(2)
  const held = gate.held
  await nearWorks()
  // It is not flooded either.
  expect(gate.held - held).toBeLessThan(20)
  gate.thaw()
  await recovers()
  await caughtUp()
})

test('a token that is refused is told of, and a new Secret mends it', async () => {
  const bad = `${far.token.slice(0, -4)}XXXX`
  world.secrets.push(bad)
  await declare({ config: { ...far.config, bearerToken: bad } })
  await says(/Unauthorized.*rotate-auth/)
  await declare()
  await recovers()
})

test('a certificate of somebody else is refused before anything is told to whoever has it', async () => {
  const asked = { bearerToken: far.token, tlsClientConfig: { caData: other.caData } }
  await declareCluster(world, 'foreign', { name: 'foreign', server: far.server, config: asked })
  const destination = { name: 'foreign', namespace: world.unique('foreign') }
  const foreign = await world.application(repository, { destination })
  const text = /cluster foreign cannot be reached.*(certificate|self.signed).*caData/
  await foreign.until('it says that the certificate is wrong', () => text.test(conditions(foreign)), soonMs)
  await declareCluster(world, 'foreign', { name: 'foreign', server: far.server, config: far.config })
  await foreign.settled()
})

test('a list that is only half answered is no list: nothing is judged by it, and nothing pruned', async () => {
  gate.cut(/\/configmaps\?.*limit/)
  // Everything is read anew.
  await world.restart()
  client = await signIn(world)
  await says(/ConfigMap.*not come in full yet \(.*(cut short|closed)/)
  expect(await settings()).toBeDefined()
  gate.cut(undefined)
  await recovers()
})

test('a list that is never answered is told of as well', async () => {
  gate.swallow(/\/configmaps\?.*limit/)
  await world.restart()
  client = await signIn(world)
  await says(/ConfigMap.* not come in full/)
  gate.swallow(undefined)
  // Who asked waits for the answer that will never come, until the cluster is looked at anew.
  await client.api.call(routes.clusters.invalidateCache, { params: { id: 'far' }, query: { 'id.type': 'name' } })
  await recovers()
})
