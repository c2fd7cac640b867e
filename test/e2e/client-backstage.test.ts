/**
 * A client that nobody here wrote: the Argo CD backend plugin of Backstage by Roadie, with each of its routes. The plugin's own
 * router runs in an Express server; of Backstage it needs no more than its configuration reader.
 */
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { ArgoService, createRouter } from '@roadiehq/backstage-plugin-argo-cd-backend'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configMap } from './manifests.ts'
import { signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

const ofPlugin = createRequire(createRequire(import.meta.url).resolve('@roadiehq/backstage-plugin-argo-cd-backend'))
const { ConfigReader } = ofPlugin('@backstage/config')
const express = ofPlugin('express')

let world: World
let repository: Repository
let app: App
let token: string
let service: ArgoService
let plugin: Server

beforeAll(async () => {
  world = await startWorld()
  token = (await signIn(world)).token
  repository = world.repository({ 'shop/config.yaml': configMap('config') })
  app = await world.application(repository, { source: { repoURL: repository.url, path: 'shop' } })
  await app.patch({ metadata: { labels: { 'backstage-name': 'shop' } } })
  await app.settled()
  const { url, adminPassword } = world.tiphys()
  const instances = [
    { name: 'by-password', url, username: 'admin', password: adminPassword },
    { name: 'by-token', url, token },
  ]
  plugin = await servePlugin({
    argocd: { appLocatorMethods: [{ type: 'config', instances }], waitCycles: 50, waitInterval: 100 },
  })
})
afterAll(async () => {
  plugin?.close()
  await world.stop()
})

async function servePlugin(settings: object): Promise<Server> {
  const silent = () => {}
  const logger = { info: silent, warn: silent, debug: silent, error: silent }
  const config = new ConfigReader(settings)
  service = ArgoService.fromConfig({ config, logger: logger as never })
  const router = await createRouter({ config, logger: logger as never, argocdService: service })
  const server = createServer(express().use(router))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function ask(method: string, path: string, body?: object) {
  const { port } = plugin.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: whatever the plugin answers.
  return { status: response.status, body: (await response.json()) as any }
}

const get = async (path: string) => (await ask('GET', path)).body

test('it finds applications by name, by label and by their source, with a password and with a token', async () => {
  const { url } = world.tiphys()
  expect(await get(`/find/name/${app.name}`)).toEqual([
    { name: 'by-password', url, appName: [app.name] },
    { name: 'by-token', url, appName: [app.name] },
  ])
  expect(await get('/find/selector/backstage-name%3Dshop')).toMatchObject([
    { name: 'by-password', appName: [app.name] },
    { name: 'by-token', appName: [app.name] },
  ])
  expect(await get('/find/name/missing')).toEqual([])
  const { items } = await get('/allArgoApps/by-token')
  expect(items.map(({ metadata }: { metadata: object }) => metadata)).toMatchObject([
    { name: app.name, instance: { name: 'by-token' } },
  ])
  const selected = await get('/argoInstance/by-token/applications/selector/backstage-name%3Dshop')
  expect(selected.items).toHaveLength(1)
  const source = (path: string) =>
    `/argoInstance/by-token/repo/${encodeURIComponent(repository.url)}/source/${encodeURIComponent(path)}`
  expect(await get(source('shop'))).toBe(true)
  expect(await get(source('elsewhere'))).toBe(false)
})

test('it shows an application, where it is asked for with its namespace too, and its revision', async () => {
  const one = await get(
    `/argoInstance/by-password/applications/name/${app.name}?appNamespace=${world.controlNamespace}`,
  )
  expect(one).toMatchObject({
    instance: 'by-password',
    metadata: { name: app.name },
    status: { sync: { status: 'Synced' }, health: { status: 'Healthy' }, history: [{ id: 0 }] },
  })
  const revision = one.status.history[0].revision
  const metadata = await get(`/argoInstance/by-token/applications/name/${app.name}/revisions/${revision}/metadata`)
  expect(metadata).toMatchObject({ author: 'Author <author@example.com>', message: 'Change' })
  expect(Number.isNaN(Date.parse(metadata.date))).toBe(false)
  expect(await get(`/argoInstance/by-token/applications/${app.name}`)).toMatchObject({
    statusCode: 200,
    metadata: { name: app.name },
  })
})

test('it creates a project with an application, changes both, syncs, and deletes both', async () => {
  const name = world.unique('made-by-backstage')
  repository.commit({ 'one/one.yaml': configMap('one'), 'two/two.yaml': configMap('two') })
  const wanted = {
    clusterName: 'by-token',
    namespace: app.namespace,
    projectName: name,
    appName: name,
    labelValue: name,
    sourceRepo: repository.url,
    sourcePath: 'one',
  }
  const made = { argoProjectName: name, argoAppName: name, kubernetesNamespace: app.namespace }
  expect(await ask('POST', '/createArgo', wanted)).toEqual({ status: 200, body: made })
  await expect.poll(() => app.live('ConfigMap', 'one'), { timeout: 30_000 }).toBeDefined()
  // A second time, the same project is taken as it is.
  expect(await ask('POST', '/createArgo', wanted)).toMatchObject({ status: 200 })
  const other = await ask('POST', '/createArgo', { ...wanted, namespace: 'elsewhere' })
  expect(other).toMatchObject({ status: 500, body: { message: expect.stringContaining('Duplicate project detected') } })

  expect(await ask('PUT', `/updateArgo/${name}`, { ...wanted, sourcePath: 'two' })).toEqual({ status: 200, body: made })
  await expect.poll(() => app.live('ConfigMap', 'two'), { timeout: 30_000 }).toBeDefined()
  await expect.poll(() => app.live('ConfigMap', 'one'), { timeout: 30_000 }).toBeUndefined()

  const synced = await ask('POST', '/sync', { appSelector: `backstage-name=${name}`, terminateOperation: false })
  // Both instances are the same Tiphys: who comes second may find the operation of the first.
  expect(synced.body.flat()).toContainEqual({
    status: 'Success',
    message: expect.stringContaining(`Re-synced ${name} on by-`),
  })

  const { body } = await ask('DELETE', `/argoInstance/by-token/applications/${name}`)
  // As in Argo CD, who asks for what is gone without naming its project is told 403, where the plugin waits for 404.
  expect(body.deleteAppDetails).toMatchObject({ message: expect.stringContaining('successfully sent to delete') })
  expect(body.deleteAppDetails.argoResponse).toMatchObject({ statusCode: 403, code: 7 })
  expect(await app.live('ConfigMap', 'two')).toBeUndefined()
  const { url } = world.tiphys()
  const project = { baseUrl: url, argoToken: token, argoProjectName: name }
  expect(await service.deleteProject(project)).toEqual({ statusCode: 200 })
})

test('an operation that is not there cannot be ended, and it says so', async () => {
  expect(await ask('DELETE', `/argoInstance/by-token/applications/${app.name}/operation`)).toMatchObject({
    status: 400,
    body: { statusCode: 400, message: expect.stringContaining('No operation is in progress') },
  })
})
