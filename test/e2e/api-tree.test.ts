/** The tree of an application: what it consists of, with what that owns, and where its Pods run. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

const service = `apiVersion: v1
kind: Service
metadata: {name: web, annotations: {link.argocd.argoproj.io/docs: 'https://docs.example.com'}}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
`

let world: World
let client: SignedIn
let app: App

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
  app = await world.application(
    world.repository({ 'web.yaml': deployment('web') + service, 'config.yaml': configMap('config') }),
  )
  await app.settled()
})
afterAll(() => world.stop())

async function treeOf({ name }: App, query = {}) {
  return client.api.call(routes.applicationResources.tree, { params: { applicationName: name }, query })
}

test('resources stand with what they own, down to the Pods', async () => {
  const { nodes, orphanedNodes } = await treeOf(app)
  const kinds = nodes.map(({ kind }) => kind)
  for (const kind of ['ConfigMap', 'Deployment', 'ReplicaSet', 'Pod', 'Service']) expect(kinds).toContain(kind)
  expect(orphanedNodes).toEqual([])
  const [replicas, pod] = ['ReplicaSet', 'Pod'].map((wanted) => nodes.find(({ kind }) => kind === wanted))
  const parent = nodes.find(({ kind }) => kind === 'Deployment')
  expect(replicas?.parentRefs).toEqual([
    { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web', uid: parent?.uid },
  ])
  expect(replicas?.info).toContainEqual({ name: 'Revision', value: 'Rev:1' })
  expect(pod).toMatchObject({ parentRefs: [{ kind: 'ReplicaSet', uid: replicas?.uid }], health: { status: 'Healthy' } })
  expect(pod?.images).toEqual(['registry.example.com/web:1.0'])
  expect(pod?.info).toContainEqual({ name: 'Status Reason', value: 'Running' })
  expect(pod?.info).toContainEqual({ name: 'Containers', value: '1/1' })
  expect(pod?.createdAt).toMatch(/^\d{4}-/)
  const reached = nodes.find(({ kind }) => kind === 'Service')
  expect(reached?.networkingInfo).toMatchObject({
    targetLabels: { app: 'web' },
    externalURLs: ['https://docs.example.com'],
  })
})

test('the hosts of the Pods tell what they can hold', async () => {
  const { nodes, hosts } = await treeOf(app)
  const pod = nodes.find(({ kind }) => kind === 'Pod')
  const name = pod?.info?.find((item) => item.name === 'Node')?.value
  expect(hosts.map((host) => host.name)).toEqual([name])
  expect(hosts[0]?.resourcesInfo?.find(({ resourceName }) => resourceName === 'cpu')?.capacity).toBeGreaterThan(0)
})

test('a tree is narrowed to what is asked for', async () => {
  const { nodes } = await treeOf(app, { kind: 'Service', name: 'web' })
  expect(nodes.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['Service/web'])
})

test('what is declared and not there is a node without uid, and what is orphaned stands apart', async () => {
  const project = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'curious', namespace: world.controlNamespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      orphanedResources: {},
    },
  }
  await world.client.create(project)
  const repository = world.repository({ 'config.yaml': configMap('declared') })
  const waiting = await world.application(repository, { project: 'curious', syncPolicy: {} })
  await world.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: waiting.namespace } })
  const metadata = { name: 'stray', namespace: waiting.namespace }
  await world.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })
  await waiting.until('the orphan is seen', ({ conditions = [] }) =>
    conditions.some(({ type }) => type === 'OrphanedResourceWarning'),
  )
  const { nodes, orphanedNodes } = await treeOf(waiting)
  const missing = { version: 'v1', kind: 'ConfigMap', namespace: waiting.namespace, name: 'declared' }
  expect(nodes).toEqual([{ ...missing, health: { status: 'Missing' } }])
  expect(orphanedNodes.map(({ name }) => name)).toEqual(['stray'])
})

test('the tree is there at once after a restart', async () => {
  await world.restart()
  client = await signIn(world)
  expect((await treeOf(app)).nodes.map(({ kind }) => kind)).toContain('Pod')
})
