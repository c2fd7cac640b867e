/** Clusters through the REST API, in the Secrets that Argo CD keeps them in. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { type SignedIn, signIn, spellingsOf } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
const canary = 'canary-of-the-clusters'
const inCluster = 'https://kubernetes.default.svc'

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
})
afterAll(() => world.stop())

async function secret(name: string) {
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: world.controlNamespace, name }
  const found = await world.client.get(target)
  const entries = Object.entries((found?.data ?? {}) as Record<string, string>)
  return {
    found,
    data: Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])),
  }
}

test('the cluster that Tiphys runs in is always there, with what is known of it', async () => {
  const { items } = await client.api.call(routes.clusters.list, {})
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({ server: inCluster, name: 'in-cluster', connectionState: { status: 'Successful' } })
  expect(items[0]?.serverVersion).toMatch(/^v\d+\.\d+/)
  expect(items[0]?.info?.cacheInfo?.apisCount).toBeGreaterThan(5)
  const byName = await client.api.call(routes.clusters.get, {
    params: { id: 'in-cluster' },
    query: { 'id.type': 'name' },
  })
  expect(byName.server).toBe(inCluster)
})

test('a cluster is registered in a Secret of Argo CD, shown without its credentials, changed and forgotten', async () => {
  const server = 'https://far.example.com:6443'
  const config = {
    username: canary,
    bearerToken: canary,
    execProviderConfig: { command: 'aws', args: [canary], env: { KEY: canary } },
    tlsClientConfig: { insecure: false, serverName: 'far', keyData: Buffer.from(canary).toString('base64') },
    proxyUrl: `http://ann:${canary}@proxy.example.com`,
  }
  const body = {
    server,
    name: 'far',
    namespaces: ['a', 'b'],
    clusterResources: true,
    shard: 2,
    labels: { env: 'prod' },
    config,
  }
  const shown = await client.api.call(routes.clusters.create, { body })
  expect(shown).toMatchObject({
    server,
    name: 'far',
    namespaces: ['a', 'b'],
    clusterResources: true,
    shard: 2,
    labels: { env: 'prod' },
    config: { tlsClientConfig: { insecure: false, serverName: 'far' }, proxyUrl: 'http://proxy.example.com' },
    connectionState: { status: 'Failed', message: expect.stringMatching(/keyData of its config is not PEM/) },
  })
  const { found, data } = await secret('cluster-far.example.com-1031477825')
  expect(found?.metadata.labels).toEqual({ env: 'prod', 'argocd.argoproj.io/secret-type': 'cluster' })
  expect(data).toMatchObject({ server, name: 'far', namespaces: 'a,b', clusterResources: 'true', shard: '2' })
  expect(JSON.parse(data.config ?? '')).toEqual(config)
  await expect(client.api.call(routes.clusters.create, { body: { ...body, name: 'other' } })).rejects.toThrow(/upsert/)
  const query = { 'id.type': 'name_escaped', updatedFields: ['labels', 'namespaces'] }
  const update = { server, name: 'other', labels: { env: 'test' }, namespaces: [] }
  await client.api.call(routes.clusters.update, { params: { id: encodeURIComponent('far') }, query, body: update })
  const changed = await secret('cluster-far.example.com-1031477825')
  expect(changed.data).toMatchObject({ name: 'far', shard: '2', config: data.config })
  expect(changed.data).not.toHaveProperty('namespaces')
  expect(changed.found?.metadata.labels?.env).toBe('test')
  await client.api.call(routes.clusters.delete, { params: { id: server } })
  expect((await secret('cluster-far.example.com-1031477825')).found).toBeUndefined()
})

test('a cluster is looked at anew when somebody asks, and stays known meanwhile', async () => {
  const objects = async () => {
    const { info } = await client.api.call(routes.clusters.get, { params: { id: inCluster } })
    return info?.cacheInfo?.resourcesCount ?? 0
  }
  const before = await objects()
  const shown = await client.api.call(routes.clusters.invalidateCache, { params: { id: inCluster } })
  expect(shown.connectionState?.status).toBe('Successful')
  expect(before).toBeGreaterThan(10)
  expect(await objects()).toBeGreaterThan(10)
})

test('what cannot be done with a cluster is refused in words that say why', async () => {
  const here = { params: { id: inCluster } }
  await expect(client.api.call(routes.clusters.rotateAuth, here)).rejects.toThrow(/not reached with a bearer token/)
  await expect(client.api.call(routes.clusters.delete, here)).rejects.toThrow(/is not registered/)
  const nowhere = { params: { id: 'https://nowhere.example.com' } }
  await expect(client.api.call(routes.clusters.get, nowhere)).rejects.toMatchObject({ status: 403, code: 7 })
  await expect(client.api.call(routes.clusters.create, { body: { server: 'nowhere' } })).rejects.toThrow(/none such as/)
})

test('a Secret that somebody has broken is shown as broken, without what stands in it', async () => {
  const metadata = {
    name: 'broken',
    namespace: world.controlNamespace,
    labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': canary },
  }
  const stringData = { server: 'https://broken.example.com', name: 'broken', config: `{"bearerToken": "${canary}"` }
  await world.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData })
  await expect
    .poll(async () => (await client.api.call(routes.clusters.list, { query: { name: 'broken' } })).items[0])
    .toMatchObject({
      name: 'broken',
      connectionState: { status: 'Failed', message: expect.stringMatching(/is not JSON/) },
    })
})

test('the config of a broken Secret is replaced by one that is given, and by nothing else', async () => {
  const name = world.unique('half')
  const server = `https://${name}.example.com`
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' }
  const config = `{"bearerToken": "${canary}"`
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: world.controlNamespace, labels },
    stringData: { server, name, config },
  })
  const params = { id: server }
  await expect.poll(async () => (await client.api.call(routes.clusters.get, { params })).name).toBe(name)
  const relabel = { params, query: { updatedFields: ['labels'] }, body: { labels: { env: 'prod' } } }
  for (const call of [relabel, { params, query: {}, body: { name } }]) {
    await expect(client.api.call(routes.clusters.update, call)).rejects.toThrow(/is not JSON.*give the config as well/)
  }
  const upsert = { query: { upsert: true }, body: { server, name, labels: { env: 'prod' } } }
  await expect(client.api.call(routes.clusters.create, upsert)).rejects.toThrow(/is not JSON/)
  expect((await secret(name)).data.config).toBe(config)
  const whole = { server, name, config: { bearerToken: canary } }
  await client.api.call(routes.clusters.update, { params, query: {}, body: whole })
  expect(JSON.parse((await secret(name)).data.config ?? '')).toMatchObject({ bearerToken: canary })
  expect((await client.api.call(routes.clusters.get, { params })).connectionState?.message).not.toMatch(/is not JSON/)
})

test('no answer holds a credential', () => {
  for (const spelling of spellingsOf(canary)) expect(client.answers.join('\n')).not.toContain(spelling)
})
