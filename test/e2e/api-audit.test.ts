/** Each change made through the REST API is told by an Event and a line of the log, without what is secret. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import type { Application, KubeObject } from '../../src/model/index.ts'
import { configMap } from './manifests.ts'
import { type SignedIn, signIn, spellingsOf } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

interface Line {
  audit?: boolean
  user: string
  address: string
  requestId: string
  action: string
  resource: string
  object: string
  before?: object
  after?: object
}

const { applications } = routes
const lines: [fields: Line, text: string][] = []
const canaries = [
  'canary-helm-4711',
  'canary-values-4712',
  'canary-url-4713',
  'canary-manifest-4714',
  'canary-secret-4715',
]
const [parameter = '', values = '', address = '', manifest = '', secret = ''] = canaries

const action = `
discovery.lua: 'return { label = {} }'
definitions:
- name: label
  action.lua: |
    obj.metadata.labels = { by = "action" }
    return obj
`

let world: World
let admin: SignedIn
let app: App

beforeAll(async () => {
  world = await startWorld(
    { 'resource.customizations.actions.ConfigMap': action },
    { onLog: (fields, text) => void lines.push([fields as Line, text]) },
  )
  admin = await signIn(world)
  const files = {
    'config.yaml': configMap('config'),
    'keys.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {key: first}\n',
  }
  app = await world.application(world.repository(files), {
    syncPolicy: { syncOptions: ['CreateNamespace=true'] },
  })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
})
afterAll(() => world.stop())

const audited = () => lines.filter(([{ audit }]) => audit === true)
const last = () => audited().at(-1) as [Line, string]
const params = () => ({ name: app.name })
const patch = (spec: object) =>
  admin.api.call(applications.patch, {
    params: params(),
    body: { patch: JSON.stringify({ spec }), patchType: 'merge' },
  })

async function events(): Promise<KubeObject[]> {
  const resource = (await world.client.apiResources()).find('', 'Event')
  const found: KubeObject[] = []
  if (!resource) return found
  for await (const event of world.client.list(resource, { namespace: world.controlNamespace })) found.push(event)
  return found
}

test('a change is told with who, from where, what, and how it was before', async () => {
  await patch({ revisionHistoryLimit: 3 })
  const [fields, text] = last()
  expect(text).toBe('admin updated application spec')
  expect(fields).toEqual({
    audit: true,
    user: 'admin',
    address: '127.0.0.1',
    requestId: expect.any(String),
    action: 'applications.patch',
    resource: 'applications',
    object: `default/${app.name}`,
    before: { spec: { revisionHistoryLimit: null } },
    after: { spec: { revisionHistoryLimit: 3 } },
  })
})

test('what changes nothing and what is refused is not told', async () => {
  const before = audited().length
  await patch({ revisionHistoryLimit: 3 })
  await patch({ destination: { name: 'elsewhere' } }).catch(() => {})
  await admin.anonymous.call(applications.delete, { params: params() }).catch(() => {})
  expect(audited()).toHaveLength(before)
})

test('each kind of change leaves an Event with its reason on the application', async () => {
  const body: Application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: world.unique('short') },
    spec: { ...(app.current() as Application).spec },
  }
  const short = { name: world.unique('short') }
  await admin.api.call(applications.create, { body })
  await admin.api.call(applications.delete, { params: short, query: { cascade: false } })
  await admin.api.call(applications.sync, { params: params(), body: {} })
  await app.until('synced', ({ sync }, { operation }) => !operation && sync?.status === 'Synced')
  const config = { kind: 'ConfigMap', resourceName: 'config', namespace: app.namespace }
  await admin.api.call(applications.patchResource, {
    params: params(),
    query: config,
    body: '{"data":{"key":"changed"}}',
  })
  expect(last()[0]).toMatchObject({ before: { data: { key: 'value' } }, after: { data: { key: 'changed' } } })
  await admin.api.call(applications.runAction, { params: params(), query: config, body: 'label' })
  await admin.api.call(applications.deleteResource, { params: params(), query: config })
  const told = (await events())
    .filter(({ source }) => (source as { component?: string }).component === 'argocd-server')
    .map(({ reason, message, involvedObject }) => `${(involvedObject as { name: string }).name} ${reason}: ${message}`)
  expect(told).toEqual(
    expect.arrayContaining([
      `${short.name} ResourceCreated: admin created application (from 127.0.0.1)`,
      `${short.name} ResourceDeleted: admin deleted application (from 127.0.0.1)`,
      `${app.name} ResourceUpdated: admin updated application spec (from 127.0.0.1)`,
      `${app.name} OperationStarted: admin initiated sync to main (from 127.0.0.1)`,
      `${app.name} ResourceUpdated: admin patched resource /ConfigMap 'config' (from 127.0.0.1)`,
      `${app.name} ResourceActionRan: admin ran action label on resource /ConfigMap/config (from 127.0.0.1)`,
      `${app.name} ResourceDeleted: admin deleted resource /ConfigMap 'config' (from 127.0.0.1)`,
    ]),
  )
})

test('no secret is told, wherever it was changed', async () => {
  const source = { repoURL: `https://ann:${address}@git.example.com/x.git`, path: '.', targetRevision: 'main' }
  const helm = { parameters: [{ name: 'password', value: parameter }], values: `key: ${values}` }
  const spec = { ...(app.current() as Application).spec, source: { ...source, helm } }
  const sound = (app.current() as Application).spec
  await admin.api.call(applications.updateSpec, { params: params(), query: { validate: false }, body: spec })
  await admin.api.call(applications.updateSpec, { params: params(), query: { validate: false }, body: sound })
  const keys = { kind: 'Secret', resourceName: 'keys', namespace: app.namespace }
  await admin.api.call(applications.patchResource, {
    params: params(),
    query: keys,
    body: JSON.stringify({ stringData: { key: secret } }),
  })
  const local = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'local' }, stringData: { key: manifest } }
  const body = { manifests: [JSON.stringify(local)], dryRun: true }
  await admin.api.call(applications.sync, { params: params(), body })
  await app.until('idle', (_, { operation }) => !operation)
  const told = JSON.stringify([lines, await events()])
  expect(told).toContain('initiated dry run locally')
  for (const canary of canaries) for (const spelling of spellingsOf(canary)) expect(told).not.toContain(spelling)
})
