/** Applications are declared, changed and deleted through the REST API, by whom the policies let. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, routes } from '../../src/contract/index.ts'
import type { Application, ApplicationSpec, AppProject } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { accountsOf, setPolicy, userOf } from './users.ts'
import { type Repository, startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let dev: ApiClient
let switcher: ApiClient
let repository: Repository

const { applications } = routes

beforeAll(async () => {
  world = await startWorld(accountsOf('dev', 'switcher'))
  repository = world.repository({ 'config.yaml': configMap('config'), 'web.yaml': deployment('web') })
  admin = await signIn(world)
  await setPolicy(
    world,
    'dev, applications, *, mine/*, allow',
    'dev, applications, get, shared/*, allow',
    'switcher, applications, get, mine/*, allow',
    'switcher, applications, update/sync-policy, mine/*, allow',
  )
  const destinations = [{ server: '*', namespace: '*' }]
  for (const name of ['mine', 'theirs', 'shared']) {
    const spec = { sourceRepos: ['*'], destinations, clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }] }
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name }, spec } as const
    await admin.api.call(routes.projects.create, { body: { project } })
  }
  dev = await userOf(world, admin, 'dev')
  switcher = await userOf(world, admin, 'switcher')
})
afterAll(async () => {
  for (const name of ['apps', 'kept']) {
    await world.client.delete({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: world.unique(name) })
  }
  await world.stop()
})

function declared(name: string, spec: Partial<ApplicationSpec> = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: world.unique(name) },
    spec: {
      project: 'mine',
      source: { repoURL: repository.url, path: '.', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: world.unique('apps') },
      syncPolicy: { syncOptions: ['CreateNamespace=true'] },
      ...spec,
    },
  }
}

const create = (api: ApiClient, body: Application, query: { upsert?: boolean; validate?: boolean } = {}) =>
  api.call(applications.create, { body, query })
const get = (name: string) => admin.api.call(applications.get, { params: { name: world.unique(name) } })
const named = (name: string) => ({ params: { name: world.unique(name) } })

async function denied(call: Promise<unknown>): Promise<string> {
  const refusal = await call.then(
    () => undefined,
    (error: unknown) => error as { status: number; code: number; message: string },
  )
  expect(refusal).toMatchObject({ status: 403, code: 7 })
  return refusal?.message ?? ''
}

test('an application is created once, and once more only when it is the same', async () => {
  const body = declared('first')
  const made = await create(dev, body)
  expect(made).toMatchObject({ metadata: { uid: expect.any(String) }, spec: body.spec })
  expect((await create(dev, body)).metadata.uid).toBe(made.metadata.uid)
  const other = { ...body, spec: { ...body.spec, revisionHistoryLimit: 3 } }
  await expect(create(dev, other)).rejects.toMatchObject({
    status: 400,
    code: 3,
    message: 'existing application spec is different, use upsert flag to force update',
  })
  const labelled = { ...other, metadata: { ...other.metadata, labels: { team: 'a' } } }
  expect(await create(dev, labelled, { upsert: true })).toMatchObject({ spec: { revisionHistoryLimit: 3 } })
  // What was written is what is read next.
  expect(await get('first')).toMatchObject({ metadata: { labels: { team: 'a' } }, spec: { revisionHistoryLimit: 3 } })
})

test('what a body says of status and operation is not taken: a sync is asked for by who may sync', async () => {
  const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sneaked-in' } })
  const body = {
    ...declared('operated'),
    operation: { sync: { manifests: [manifest] }, initiatedBy: { username: 'admin' } },
    status: { history: [{ id: 0, deployedAt: '2026-01-01T00:00:00Z' }] },
  }
  const made = await create(dev, body)
  expect(made.operation).toBeUndefined()
  await sleep(300)
  const { operation, status } = await get('operated')
  expect(operation).toBeUndefined()
  expect(status?.operationState).toBeUndefined()
  expect(status?.history).toBeUndefined()
})

test.each([
  [
    'a project that is not there',
    { project: 'mine', destination: { name: 'elsewhere' } },
    /destination cluster elsewhere is not known/,
  ],
  ['no source', { source: undefined }, /has no source/],
  ['a source without address', { source: { path: '.' } }, /repoURL/],
] as [string, object, RegExp][])('%s is told, and nothing is made', async (_, spec, message) => {
  const body = declared('faulty', spec)
  await expect(create(dev, body)).rejects.toMatchObject({
    status: 400,
    code: 3,
    message: expect.stringMatching(message),
  })
})

test('sources are tried before they are taken, unless told otherwise', async () => {
  const source = { repoURL: repository.url, path: 'nowhere', targetRevision: 'main' }
  const body = declared('untried', { source })
  await expect(create(dev, body)).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/nowhere/) })
  expect((await create(dev, body, { validate: false })).metadata.uid).toBeDefined()
})

test('a repository that the project does not permit is refused before anything is asked of it', async () => {
  const spec = { project: 'strict', source: { repoURL: 'https://127.0.0.1:1/x.git', path: '.' } }
  const project: AppProject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'strict' },
    spec: { sourceRepos: ['https://git.example.com/*'], destinations: [{ server: '*', namespace: '*' }] },
  }
  await admin.api.call(routes.projects.create, { body: { project } })
  const refused = create(admin.api, declared('strict', spec))
  await expect(refused).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(/does not permit the repository/),
  })
})

test('a PUT replaces what is declared, and says what it has come to', async () => {
  const made = await create(dev, { ...declared('put'), metadata: { name: world.unique('put'), labels: { a: '1' } } })
  const body = {
    ...made,
    metadata: { ...made.metadata, labels: { b: '2' } },
    spec: { ...made.spec, revisionHistoryLimit: 2 },
  }
  const put = await dev.call(applications.update, { ...named('put'), body })
  expect(put).toMatchObject({ metadata: { labels: { b: '2' } }, spec: { revisionHistoryLimit: 2 } })
  expect(put.metadata.labels).not.toHaveProperty('a')
  const { revisionHistoryLimit: _limit, ...spec } = put.spec
  expect(await dev.call(applications.updateSpec, { ...named('put'), body: spec })).toEqual(spec)
  expect((await get('put')).metadata.labels).toEqual({ b: '2' })
})

test('patches of both kinds, also at the same time', async () => {
  await create(dev, declared('patched'))
  const patch = (text: object, patchType: string) =>
    dev.call(applications.patch, { ...named('patched'), body: { patch: JSON.stringify(text), patchType } })
  const json = [{ op: 'add', path: '/metadata/labels', value: { team: 'a' } }]
  expect((await patch(json, 'json')).metadata.labels).toEqual({ team: 'a' })
  await Promise.all(
    ['one', 'two', 'three', 'four'].map((key) => patch({ metadata: { annotations: { [key]: 'x' } } }, 'merge')),
  )
  const { metadata, spec } = await get('patched')
  expect(Object.keys(metadata.annotations ?? {}).sort()).toEqual(['four', 'one', 'three', 'two'])
  await expect(patch({ spec: { destination: { name: 'elsewhere' } } }, 'merge')).rejects.toMatchObject({ code: 3 })
  await expect(patch({ metadata: { name: 'other' } }, 'merge')).rejects.toMatchObject({ code: 3 })
  expect((await get('patched')).spec).toEqual(spec)
})

test('an application moves only for who has rights in both projects', async () => {
  await create(dev, declared('moved'))
  const move = (api: ApiClient, project: string) =>
    api.call(applications.patch, {
      ...named('moved'),
      body: { patch: JSON.stringify({ spec: { project } }), patchType: 'merge' },
    })
  expect(await denied(move(dev, 'theirs'))).toContain('applications, create, theirs/')
  await denied(move(dev, 'shared'))
  expect((await move(admin.api, 'theirs')).spec.project).toBe('theirs')
  // It is no longer in a project of theirs: they cannot fetch it back.
  await denied(move(dev, 'mine'))
  await denied(create(dev, declared('moved'), { upsert: true }))
})

test('refusals are the same whether there is such an application or not', async () => {
  await create(admin.api, declared('hidden', { project: 'theirs' }))
  const ways = (name: string): Promise<unknown>[] => [
    dev.call(applications.patch, { ...named(name), body: { patch: '{}', patchType: 'merge' } }),
    dev.call(applications.updateSpec, { ...named(name), body: declared(name).spec }),
    dev.call(applications.update, { ...named(name), body: declared(name) }),
    dev.call(applications.delete, named(name)),
    dev.call(applications.confirmDeletion, named(name)),
    dev.call(applications.sync, { ...named(name), body: {} }),
    dev.call(applications.rollback, { ...named(name), body: { id: 1 } }),
    dev.call(applications.unpin, named(name)),
    dev.call(applications.terminateOperation, named(name)),
    dev.call(applications.patchResource, {
      ...named(name),
      query: { kind: 'ConfigMap', resourceName: 'config' },
      body: '{}',
    }),
    dev.call(applications.deleteResource, { ...named(name), query: { kind: 'ConfigMap', resourceName: 'config' } }),
    dev.call(applications.listActions, { ...named(name), query: { kind: 'ConfigMap', resourceName: 'config' } }),
    dev.call(applications.runAction, {
      ...named(name),
      query: { kind: 'ConfigMap', resourceName: 'config' },
      body: 'restart',
    }),
  ]
  const said = async (name: string) => {
    const messages = await Promise.all(ways(name).map(denied))
    return messages.map((message) => message.replaceAll(world.unique(name), '<name>'))
  }
  expect(await said('hidden')).toEqual(await said('nowhere'))
})

test('who may only switch automated sync can do just that', async () => {
  await create(dev, declared('switched'))
  const patch = (spec: object) =>
    switcher.call(applications.patch, {
      ...named('switched'),
      body: { patch: JSON.stringify({ spec }), patchType: 'merge' },
    })
  expect((await patch({ syncPolicy: { automated: { prune: false } } })).spec.syncPolicy?.automated).toEqual({
    prune: false,
  })
  await denied(patch({ revisionHistoryLimit: 1 }))
  await denied(patch({ syncPolicy: { automated: null, syncOptions: [] } }))
  expect((await patch({ syncPolicy: { automated: null } })).spec.syncPolicy?.automated).toBeUndefined()
})

test('other namespaces are permitted by the installation, and then by the project', async () => {
  const elsewhere = {
    ...declared('elsewhere'),
    metadata: { name: world.unique('elsewhere'), namespace: 'kube-public' },
  }
  expect(await denied(create(admin.api, elsewhere))).toContain("namespace 'kube-public' is not permitted")
  const metadata = { name: 'argocd-cmd-params-cm', namespace: world.controlNamespace }
  const data = { 'application.namespaces': 'kube-public' }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'e2e' })
  await expect
    .poll(() =>
      create(admin.api, elsewhere).then(
        () => '',
        (error: Error) => error.message,
      ),
    )
    .toMatch(/does not permit applications in the namespace kube-public/)
})

test('a deletion takes the resources along, or leaves them', async () => {
  const destination = { name: 'in-cluster', namespace: world.unique('kept') }
  const kept = declared('kept', { destination, syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] } })
  await create(dev, kept)
  const synced = async (name: string) => (await get(name)).status?.sync?.status
  await expect.poll(() => synced('kept'), { timeout: 20_000 }).toBe('Synced')
  const remove = (query: object) => dev.call(applications.delete, { ...named('kept'), query })
  await expect(remove({ cascade: false, propagationPolicy: 'foreground' })).rejects.toMatchObject({ code: 3 })
  await expect(remove({ propagationPolicy: 'sideways' })).rejects.toMatchObject({ code: 3 })
  await remove({ cascade: false })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.unique('kept'), name: 'config' }
  await denied(dev.call(applications.get, named('kept')))
  expect(await world.client.get(target)).toBeDefined()

  await create(dev, kept)
  await expect.poll(() => synced('kept'), { timeout: 20_000 }).toBe('Synced')
  await remove({ propagationPolicy: 'background' })
  await expect.poll(() => world.client.get(target), { timeout: 20_000 }).toBeUndefined()
})

test('what waits for a confirmation of its deletion is confirmed by who may update it', async () => {
  await create(dev, declared('confirmed'))
  await denied(switcher.call(applications.confirmDeletion, named('confirmed')))
  const { metadata } = await dev.call(applications.confirmDeletion, named('confirmed'))
  expect(metadata.annotations?.['argocd.argoproj.io/deletion-approved']).toMatch(/^\d{4}-/)
})
