/**
 * A client that nobody here wrote: the Model Context Protocol server for Argo CD, `argocd-mcp`, with each of its tools. Its
 * account has a token and the rights it needs.
 */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { McpClient } from '../mcp-client.ts'
import { configMap, deployment } from './manifests.ts'
import { signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

const require = createRequire(import.meta.url)
const program = require.resolve('argocd-mcp')
const policy = `
p, role:robot, applications, *, default/*, allow
p, role:robot, clusters, get, *, allow
p, role:robot, projects, get, default, allow
p, role:robot, logs, get, default/*, allow
g, robot, role:robot
`

let world: World
let mcp: McpClient
let repository: Repository
let app: App
const called = new Set<string>()

beforeAll(async () => {
  world = await startWorld({ 'accounts.robot': 'apiKey' })
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  const rules = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': policy } }
  await world.client.apply(rules, { fieldManager: 'e2e' })
  const { api } = await signIn(world)
  const { token } = await api.call(routes.accounts.createToken, { params: { name: 'robot' }, body: { id: 'mcp' } })
  repository = world.repository({ 'web.yaml': deployment('web'), 'config.yaml': configMap('config') })
  app = await world.application(repository)
  await app.settled()
  mcp = new McpClient([program, 'stdio'], { ARGOCD_BASE_URL: world.tiphys().url, ARGOCD_API_TOKEN: token ?? '' })
  await mcp.initialize()
})
afterAll(async () => {
  await mcp?.stop()
  await world.stop()
})

/** What a tool answers. It hands on what the server says, refusals too. */
async function use<Answer>(tool: string, args: object = {}): Promise<Answer> {
  called.add(tool)
  const { isError, text } = await mcp.call(tool, args)
  expect(isError, text).toBe(false)
  return JSON.parse(text) as Answer
}

interface Node {
  uid: string
  group: string
  version: string
  kind: string
  namespace: string
  name: string
}

/** A reference as its tools want it: with every field. */
async function reference(kind: string): Promise<Node> {
  const { nodes } = await use<{ nodes: Node[] }>('get_application_resource_tree', { applicationName: app.name })
  const { uid = '', group = '', version = '', namespace = '', name = '' } = nodes.find((one) => one.kind === kind) ?? {}
  return { uid, group, version, kind, namespace, name }
}

const ofApp = () => ({ applicationName: app.name, applicationNamespace: world.controlNamespace })

test('it finds applications, clusters and the project', async () => {
  type Listed = { items: { metadata: { name: string }; status: object }[]; metadata: object }
  const all = await use<Listed>('list_applications', { search: app.name })
  expect(all.items).toMatchObject([
    {
      metadata: { name: app.name, namespace: world.controlNamespace },
      spec: { project: 'default', source: { repoURL: repository.url }, destination: { namespace: app.namespace } },
      status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
    },
  ])
  expect(all.metadata).toMatchObject({ resourceVersion: expect.stringMatching(/^\d+$/), totalItems: 1, hasMore: false })
  const clusters = await use('list_clusters', { name: 'in-cluster' })
  expect(clusters).toMatchObject({
    items: [
      { name: 'in-cluster', server: 'https://kubernetes.default.svc', connectionState: { status: 'Successful' } },
    ],
  })
  expect(await use('get_appproject', { projectName: 'default' })).toMatchObject({
    metadata: { name: 'default' },
    spec: { sourceRepos: ['*'] },
  })
  expect(await use('get_application', ofApp())).toMatchObject({ metadata: { name: app.name } })
})

test('it is refused in words what its account may not do', async () => {
  const refused = await use<{ code: number; message: string }>('get_appproject', { projectName: 'other' })
  expect(refused).toMatchObject({ code: 7, message: expect.stringContaining('permission denied') })
})

type Events = { items: { reason: string }[] }

test('it reads the tree, the managed resources, objects and their events', async () => {
  const web = await reference('Deployment')
  expect(web).toMatchObject({ group: 'apps', version: 'v1', name: 'web', namespace: app.namespace })
  expect((await reference('Pod')).name).toMatch(/^web-/)
  type Managed = { items: { kind: string; liveState: string }[] }
  const managed = await use<Managed>('get_application_managed_resources', { ...ofApp(), kind: 'ConfigMap' })
  expect(managed.items.map(({ kind }) => kind)).toEqual(['ConfigMap'])
  expect(JSON.parse(managed.items[0]?.liveState ?? '')).toMatchObject({ data: { key: 'value' } })
  const [manifest] = await use<string[]>('get_resources', { ...ofApp(), resourceRefs: [web] })
  expect(JSON.parse(manifest ?? '')).toMatchObject({ kind: 'Deployment', metadata: { name: 'web' } })
  const everything = await use<string[]>('get_resources', ofApp())
  expect(everything.map((text) => JSON.parse(text).kind)).toEqual(
    expect.arrayContaining(['ConfigMap', 'Deployment', 'ReplicaSet', 'Pod']),
  )
  const { uid: resourceUID, namespace: resourceNamespace, name: resourceName } = web
  const ofWeb = await use<Events>('get_resource_events', { ...ofApp(), resourceUID, resourceNamespace, resourceName })
  expect(ofWeb.items.map(({ reason }) => reason)).toContain('ScalingReplicaSet')
})

test('it reads the logs of a workload, or why there are none', async () => {
  const resourceRef = await reference('Deployment')
  const lines = await use<{ content?: string; podName?: string; last?: boolean }[]>('get_application_workload_logs', {
    ...ofApp(),
    resourceRef,
    container: 'main',
  })
  expect(lines.at(-1)).toMatchObject({ last: true })
  // Without a kubelet there are no lines but the refusal.
  expect(lines.length).toBeGreaterThan(1)
})

test('it runs an action on a resource, and an event says so', async () => {
  const resourceRef = await reference('Deployment')
  const { actions } = await use<{ actions: { name: string }[] }>('get_resource_actions', { ...ofApp(), resourceRef })
  expect(actions.map(({ name }) => name)).toContain('restart')
  await use('run_resource_action', { ...ofApp(), resourceRef, action: 'restart' })
  const restarted = async () => JSON.stringify((await app.live('Deployment', 'web'))?.spec)
  await expect.poll(restarted).toContain('kubectl.kubernetes.io/restartedAt')
  const events = await use<Events>('get_application_events', ofApp())
  expect(events.items.map(({ reason }) => reason)).toContain('ResourceActionRan')
})

test('it creates, changes, syncs and deletes an application', async () => {
  const name = world.unique('made-by-mcp')
  const named = { applicationName: name, applicationNamespace: world.controlNamespace }
  const made = (path: string) => ({
    metadata: { name, namespace: world.controlNamespace },
    spec: {
      project: 'default',
      source: { repoURL: repository.url, path, targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: app.namespace },
      syncPolicy: {
        syncOptions: ['CreateNamespace=true'],
        retry: { limit: 1, backoff: { duration: '1s', maxDuration: '5s', factor: 2 } },
      },
    },
  })
  repository.commit({ 'one/one.yaml': configMap('one'), 'two/two.yaml': configMap('two') })
  expect(await use('create_application', { application: made('one') })).toMatchObject({ metadata: { name } })
  const updated = await use('update_application', { applicationName: name, application: made('two') })
  expect(updated).toMatchObject({ spec: { source: { path: 'two' } } })
  await use('sync_application', { ...named, prune: true, syncOptions: ['ServerSideApply=true'] })
  await expect.poll(() => app.live('ConfigMap', 'two'), { timeout: 30_000 }).toMatchObject({ data: { key: 'value' } })
  expect(await app.live('ConfigMap', 'one')).toBeUndefined()
  await use('delete_application', { ...named, cascade: true, propagationPolicy: 'Foreground' })
  const gone = async () => (await use<{ code?: number }>('get_application', named)).code
  await expect.poll(gone, { timeout: 30_000 }).toBe(7)
  expect(await app.live('ConfigMap', 'two')).toBeUndefined()
})

test('each of its tools has been tried', async () => {
  expect([...called].sort()).toEqual((await mcp.tools()).sort())
})
