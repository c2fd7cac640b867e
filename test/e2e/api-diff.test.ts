/** What differs and who made it so, single objects, rendered manifests and revisions; never a value of a Secret. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

const canary = 'canary-5d1f0c'
const secret = (password: string) => `apiVersion: v1
kind: Secret
metadata: {name: login, annotations: {example.com/token: ${password}}}
stringData: {password: ${password}, user: ${canary}-user}
---
`

let world: World
let client: SignedIn
let repository: Repository
let app: App

beforeAll(async () => {
  world = await startWorld({ 'resource.sensitive.mask.annotations': 'example.com/token' })
  client = await signIn(world)
  repository = world.repository({
    'web.yaml': deployment('web') + configMap('config'),
    'secret.yaml': secret(`${canary}-git`),
  })
  app = await world.application(repository, {
    syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
  })
  await app.settled()
})
afterAll(() => world.stop())

async function change(kind: string, name: string, patch: object): Promise<void> {
  const group = kind === 'Deployment' ? 'apps' : ''
  const target = { group, version: 'v1', kind, namespace: app.namespace, name }
  await world.client.patch(target, patch, { type: 'merge', fieldManager: 'somebody' })
}

async function managed(query = {}) {
  const params = { applicationName: app.name }
  return (await client.api.call(routes.applicationResources.managed, { params, query })).items
}

function state(text: string | undefined) {
  return JSON.parse(text ?? 'null')
}

test('what is as declared has the same state before and after', async () => {
  const items = await managed()
  expect(items.map(({ kind, verdict }) => `${kind} ${verdict}`).sort()).toEqual([
    'ConfigMap synced',
    'Deployment synced',
    'Secret synced',
  ])
  for (const item of items) {
    expect(item.predictedLiveState).toBe(item.normalizedLiveState)
    expect(item.modified).toBe(false)
    expect(state(item.liveState).metadata).not.toHaveProperty('managedFields')
  }
})

test('a drifted field is told with its author, and with what a sync would make of it', async () => {
  await change('Deployment', 'web', { spec: { replicas: 3, paused: true } })
  await app.until('drifted', ({ sync }) => sync?.status === 'OutOfSync')
  const [web] = await managed({ kind: 'Deployment', undeclared: true })
  expect(web).toMatchObject({ group: 'apps', kind: 'Deployment', name: 'web', modified: true, verdict: 'changed' })
  expect(web?.drift).toMatchObject([{ path: 'spec.replicas', desired: 1, live: 3, author: { manager: 'somebody' } }])
  expect(web?.undeclared).toContainEqual(expect.objectContaining({ path: 'spec.paused', live: true }))
  expect(state(web?.liveState).spec.replicas).toBe(3)
  expect(state(web?.predictedLiveState).spec).toMatchObject({ replicas: 1, paused: true })
  expect(state(web?.targetState).spec.replicas).toBe(1)
})

test('values of Secrets are told by nothing, but so that one sees which differ', async () => {
  const changed = { data: { password: Buffer.from(`${canary}-live`).toString('base64') } }
  await change('Secret', 'login', { ...changed, metadata: { annotations: { 'example.com/token': `${canary}-live` } } })
  const isChanged = async () => (await managed({ kind: 'Secret' }))[0]?.verdict === 'changed'
  await expect.poll(isChanged, { timeout: 20_000 }).toBe(true)
  const [login] = await managed({ kind: 'Secret' })
  const { password, user } = state(login?.liveState).data
  expect({ password, user }).toEqual({ password: '++++++++++++', user: '++++++++' })
  expect(state(login?.targetState).data).toEqual({ password: '++++++++', user: '++++++++' })
  expect(state(login?.predictedLiveState).data).toEqual({ password: '++++++++', user: '++++++++' })
  const target = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { password: 'other' } }
  const paths = [
    `/${app.name}/managed-resources?undeclared=true`,
    `/${app.name}/manifests`,
    `/${app.name}/resource-tree`,
    `/${app.name}/resource?kind=Secret&namespace=${app.namespace}&resourceName=login&version=v1`,
    `/${app.name}/server-side-diff?targetManifests=${encodeURIComponent(JSON.stringify(target))}`,
    '',
  ]
  for (const path of paths) {
    const response = await client.get(`/api/v1/applications${path}`)
    expect(response.status, path).toBe(200)
    const text = await response.text()
    for (const value of [canary, Buffer.from(`${canary}-live`).toString('base64')])
      expect(text, path).not.toContain(value)
  }
})

test('an object of the tree is shown as it is, and no other', async () => {
  const get = (query: object) =>
    client.api.call(routes.applicationResources.get, { params: { name: app.name }, query: { version: 'v1', ...query } })
  const config = await get({ kind: 'ConfigMap', namespace: app.namespace, resourceName: 'config' })
  expect(state(config.manifest)).toMatchObject({ kind: 'ConfigMap', data: { key: 'value' } })
  const replicas = { group: 'apps', kind: 'ReplicaSet', namespace: app.namespace }
  const { nodes } = await client.api.call(routes.applicationResources.tree, { params: { applicationName: app.name } })
  const owned = nodes.find(({ kind }) => kind === 'ReplicaSet')
  expect(state((await get({ ...replicas, resourceName: owned?.name })).manifest).metadata.uid).toBe(owned?.uid)
  for (const name of ['argocd-secret', 'missing']) {
    const other = get({ kind: 'Secret', namespace: world.controlNamespace, resourceName: name })
    await expect(other).rejects.toMatchObject({ status: 400, message: expect.stringContaining('is not part of') })
  }
})

test('events are told of the application and of its objects', async () => {
  const events = (query: object) =>
    client.api.call(routes.applicationResources.events, { params: { name: app.name }, query })
  const { items } = await events({})
  expect(items.map((event) => (event as unknown as { reason: string }).reason)).toContain('ResourceUpdated')
  const { nodes } = await client.api.call(routes.applicationResources.tree, { params: { applicationName: app.name } })
  const { uid, name } = nodes.find(({ kind }) => kind === 'Deployment') ?? {}
  const about = { resourceUID: uid, resourceName: name, resourceNamespace: app.namespace }
  const ofDeployment = await events(about)
  expect(ofDeployment.items.map((event) => (event as unknown as { reason: string }).reason)).toContain(
    'ScalingReplicaSet',
  )
  await expect(events({ ...about, resourceUID: 'other' })).rejects.toMatchObject({ status: 400 })
})

test('the sources are rendered at any revision', async () => {
  const first = repository.git('rev-parse', 'HEAD')
  repository.commit({ 'more.yaml': configMap('more') })
  const render = (query: object) =>
    client.api.call(routes.applicationSources.manifests, { params: { name: app.name }, query })
  const names = ({ manifests }: { manifests: string[] }) => manifests.map((text) => state(text).metadata.name).sort()
  expect(names(await render({ noCache: true }))).toEqual(['config', 'login', 'more', 'web'])
  const before = await render({ revision: first })
  expect(names(before)).toEqual(['config', 'login', 'web'])
  expect(before).toMatchObject({ revision: first, sourceType: 'Directory', namespace: app.namespace })
  expect(state(before.manifests[0]).metadata.namespace).toBe(app.namespace)
  await expect(render({ revision: 'missing' })).rejects.toMatchObject({ status: 400 })
  await expect(render({ sourcePositions: ['2'], revisions: [first] })).rejects.toMatchObject({ status: 400 })
})

test('proposed manifests are compared as a sync would, and only with objects of the application', async () => {
  const compare = (...objects: object[]) =>
    client.api.call(routes.applicationSources.serverSideDiff, {
      params: { appName: app.name },
      query: { targetManifests: objects.map((object) => JSON.stringify(object)) },
    })
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'proposed' } }
  const { items, modified } = await compare(config, { ...config, metadata: { name: 'new' } })
  expect(modified).toBe(true)
  expect(items.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['config changed', 'new missing'])
  expect(items[0]?.drift).toMatchObject([{ path: 'data.key', desired: 'proposed', live: 'value' }])
  expect(state(items[0]?.predictedLiveState).data).toEqual({ key: 'proposed' })
  const foreign = compare({ ...config, metadata: { name: 'argocd-cm', namespace: world.controlNamespace } })
  await expect(foreign).rejects.toMatchObject({ status: 400, message: expect.stringContaining('not part of') })
  await expect(compare({ kind: 'ConfigMap' })).rejects.toMatchObject({ status: 400, code: 3 })
})

test('a revision tells who made it, when, why, and its tags', async () => {
  const revision = repository.commit({ 'more.yaml': configMap('more', { a: 'b' }) }, 'Say more\n\nBecause of this.')
  repository.git('tag', 'v1.0.0')
  await client.api.call(routes.applications.get, { params: { name: app.name }, query: { refresh: 'normal' } })
  const of = (rev: string, query = {}) =>
    client.api.call(routes.applicationSources.revisionMetadata, { params: { name: app.name, revision: rev }, query })
  expect(await of(revision)).toMatchObject({
    author: 'Author <author@example.com>',
    message: 'Say more\n\nBecause of this.',
    tags: ['v1.0.0'],
  })
  await expect(of('0'.repeat(40))).rejects.toMatchObject({ status: expect.toSatisfy((status) => status >= 400) })
  await expect(of(revision, { sourceIndex: 3 })).rejects.toMatchObject({ status: 400 })
  const chart = { params: { name: app.name, revision } }
  await expect(client.api.call(routes.applicationSources.chartDetails, chart)).rejects.toMatchObject({ status: 400 })
})

test('sync windows say whether a sync by hand is possible', async () => {
  const params = { name: app.name }
  const before = await client.api.call(routes.applicationSources.syncWindows, { params })
  expect(before).toMatchObject({ canSync: true, assignedWindows: [], activeWindows: [] })
  const window = { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }
  const project = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', name: 'default' }
  await world.client.patch(
    { ...project, namespace: world.controlNamespace },
    { spec: { syncWindows: [window] } },
    { type: 'merge' },
  )
  const canSync = async () => (await client.api.call(routes.applicationSources.syncWindows, { params })).canSync
  await expect.poll(canSync).toBe(false)
  const shown = { kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: false }
  expect(await client.api.call(routes.applicationSources.syncWindows, { params })).toMatchObject({
    activeWindows: [shown],
    assignedWindows: [shown],
  })
})
