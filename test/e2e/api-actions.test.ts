/** Single objects through the REST API: patches, deletions and actions, by whom the policies let, within the project. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, routes } from '../../src/contract/index.ts'
import type { AppProject } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { accountsOf, setPolicy, userOf } from './users.ts'
import { type App, startWorld, type World } from './world.ts'

const custom = `
discovery.lua: 'return { label = { params = {{ name = "value" }} }, leak = {} }'
definitions:
- name: leak
  action.lua: |
    local secret = { apiVersion = "v1", kind = "Secret", stringData = obj.data }
    secret.metadata = { name = "leaked", namespace = obj.metadata.namespace }
    return { { operation = "create", resource = secret } }
- name: label
  action.lua: |
    obj.metadata.labels = obj.metadata.labels or {}
    obj.metadata.labels.value = actionParams.value
    return obj
`
const canary = 'canary-in-a-secret'
const secret = `apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {key: ${canary}}
---
`

let world: World
let admin: SignedIn
let narrow: ApiClient
let app: App
let other: App
const { applications } = routes

beforeAll(async () => {
  world = await startWorld({
    ...accountsOf('narrow'),
    'resource.customizations.actions.ConfigMap': custom,
    'resource.sensitive.mask.annotations': 'example.com/note',
  })
  admin = await signIn(world)
  await setPolicy(
    world,
    'narrow, applications, get, */*, allow',
    'narrow, applications, update//ConfigMap/*/config, */*, allow',
    'narrow, applications, delete//ConfigMap/*/*, */*, allow',
    'narrow, applications, action//ConfigMap/label, */*, allow',
  )
  narrow = await userOf(world, admin, 'narrow')
  const project: AppProject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'small' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      namespaceResourceWhitelist: [
        { group: '', kind: 'ConfigMap' },
        { group: 'apps', kind: '*' },
      ],
    },
  }
  await admin.api.call(routes.projects.create, { body: { project } })
  const once = { syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] } }
  const files = { 'config.yaml': configMap('config'), 'spare.yaml': configMap('spare'), 'web.yaml': deployment('web') }
  app = await world.application(world.repository(files), { ...once, project: 'small' })
  other = await world.application(world.repository({ 'config.yaml': configMap('config'), 'keys.yaml': secret }), once)
  await Promise.all([app.settled(), other.settled()])
})
afterAll(() => world.stop())

const config = (one = app, resourceName = 'config') => ({ kind: 'ConfigMap', resourceName, namespace: one.namespace })
const web = () => ({ group: 'apps', kind: 'Deployment', resourceName: 'web', namespace: app.namespace })
const patch = (api: ApiClient, query: object, body: object, one = app) =>
  api.call(applications.patchResource, { params: { name: one.name }, query, body: JSON.stringify(body) })
const run = (api: ApiClient, query: object, body: string, one = app) =>
  api.call(applications.runAction, { params: { name: one.name }, query, body })

async function denied(call: Promise<unknown>): Promise<string> {
  const refusal = await call.then(
    () => undefined,
    (error: unknown) => error as { status: number; message: string },
  )
  expect(refusal).toMatchObject({ status: 403, code: 7 })
  return refusal?.message ?? ''
}

test('a live object is patched in each of the ways, by the names of Argo CD too', async () => {
  const label = (value: string) => ({ metadata: { labels: { value } } })
  const { manifest } = await patch(admin.api, config(), label('one'))
  expect(JSON.parse(manifest)).toMatchObject({ kind: 'ConfigMap', metadata: { labels: { value: 'one' } } })
  await patch(admin.api, { ...config(), patchType: 'application/merge-patch+json' }, label('two'))
  await patch(admin.api, { ...web(), patchType: 'application/strategic-merge-patch+json' }, label('three'))
  const operations = [{ op: 'replace', path: '/metadata/labels/value', value: 'four' }]
  await patch(admin.api, { ...config(), patchType: 'json' }, operations)
  expect((await app.live('ConfigMap', 'config'))?.metadata.labels).toMatchObject({ value: 'four' })
  await expect(patch(admin.api, { ...config(), patchType: 'apply' }, {})).rejects.toMatchObject({ code: 3 })
  const text = admin.api.call(applications.patchResource, { params: { name: app.name }, query: config(), body: '{' })
  await expect(text).rejects.toMatchObject({ code: 3 })
})

test('only what belongs to the application can be touched', async () => {
  const missing = { code: 3, message: expect.stringContaining('not found as part of application') }
  await expect(patch(admin.api, config(other), {})).rejects.toMatchObject(missing)
  await expect(patch(admin.api, { kind: 'Namespace', resourceName: 'default' }, {})).rejects.toMatchObject(missing)
  await expect(patch(admin.api, config(app, 'kube-root-ca.crt'), {})).rejects.toMatchObject(missing)
  const remove = admin.api.call(applications.deleteResource, { params: { name: app.name }, query: config(other) })
  await expect(remove).rejects.toMatchObject(missing)
  await expect(run(admin.api, config(other), 'label')).rejects.toMatchObject(missing)
  const slash = { ...config(), namespace: `${app.namespace}/../kube-system` }
  await expect(patch(admin.api, slash, {})).rejects.toMatchObject({ code: 3 })
  expect(await other.live('ConfigMap', 'config')).toBeDefined()
})

test('a Secret is shown without its values, also when a patch of it is refused', async () => {
  const keys = { kind: 'Secret', resourceName: 'keys', namespace: other.namespace }
  const { manifest } = await patch(
    admin.api,
    keys,
    { metadata: { annotations: { 'example.com/note': canary } } },
    other,
  )
  expect(JSON.parse(manifest)).toMatchObject({
    data: { key: '++++++++' },
    metadata: { annotations: { 'example.com/note': '++++++++' } },
  })
  const refused = patch(admin.api, keys, { data: { key: `${canary}!` } }, other)
  await expect(refused).rejects.toMatchObject({ code: 3, message: expect.not.stringContaining(canary) })
  expect(admin.answers.join('\n')).not.toContain(Buffer.from(canary).toString('base64'))
})

test('rights to single kinds and names count', async () => {
  await patch(narrow, config(), { metadata: { labels: { by: 'narrow' } } })
  await denied(patch(narrow, config(app, 'spare'), {}))
  await denied(patch(narrow, web(), {}))
  const remove = (query: object) => narrow.call(applications.deleteResource, { params: { name: app.name }, query })
  await denied(remove(web()))
  await remove({ ...config(app, 'spare'), force: true })
  await run(narrow, config(), 'label')
  await denied(run(narrow, config(), 'leak'))
  await denied(run(narrow, web(), 'restart'))
})

test('actions are listed, and run with and without parameters', async () => {
  const list = (query: object) => admin.api.call(applications.listActions, { params: { name: app.name }, query })
  expect((await list(web())).actions.map(({ name }) => name)).toContain('restart')
  expect((await list(config())).actions).toContainEqual({ name: 'label', disabled: false, params: [{ name: 'value' }] })
  expect(await run(admin.api, web(), 'restart')).toEqual({})
  const { spec } = (await app.live('Deployment', 'web')) as unknown as { spec: { template: object } }
  expect(JSON.stringify(spec.template)).toContain('restartedAt')
  const body = { ...config(), action: 'label', resourceActionParameters: [{ name: 'value', value: 'given' }] }
  await admin.api.call(applications.runActionWithParameters, { params: { name: app.name }, body })
  expect((await app.live('ConfigMap', 'config'))?.metadata.labels).toMatchObject({ value: 'given' })
  await expect(run(admin.api, web(), 'explode')).rejects.toMatchObject({ code: 3 })
  await expect(run(admin.api, web(), 'a/b')).rejects.toMatchObject({ code: 3 })
})

test('an action makes nothing that the project does not permit', async () => {
  expect(await denied(run(admin.api, config(), 'leak'))).toMatch(/would create Secret .*namespaceResourceWhitelist/)
  expect(await app.live('Secret', 'leaked')).toBeUndefined()
})

test('an action on the application itself is its own right, and changes it', async () => {
  const itself = {
    group: 'argoproj.io',
    kind: 'Application',
    resourceName: other.name,
    namespace: world.controlNamespace,
  }
  await denied(run(narrow, itself, 'toggle-auto-sync', other))
  await run(admin.api, itself, 'toggle-auto-sync', other)
  expect(other.current()?.spec.syncPolicy?.automated?.enabled).toBe(false)
})

test('with impersonation, what is done is done in the name of the service account', async () => {
  const cm = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace, name: 'argocd-cm' }
  await world.client.patch(cm, { data: { 'application.sync.impersonation.enabled': 'true' } }, { type: 'merge' })
  const refusal = (query: object) =>
    patch(admin.api, query, {}).then(
      () => 'done',
      (error: Error) => error.message,
    )
  await expect.poll(() => refusal(config())).toContain('names no service account')
  const project = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'AppProject',
    namespace: world.controlNamespace,
    name: 'small',
  }
  const spec = { destinationServiceAccounts: [{ server: '*', namespace: '*', defaultServiceAccount: 'powerless' }] }
  await world.client.patch(project, { spec }, { type: 'merge' })
  await expect.poll(() => refusal(config())).toMatch(/system:serviceaccount:.*:powerless/)
})
