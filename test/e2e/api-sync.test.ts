/** Syncs, preflights, rollbacks and their end through the REST API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, routes } from '../../src/contract/index.ts'
import type { Application, AppProject } from '../../src/model/index.ts'
import { configMap, deployment, hookJob, inWave, slowHook } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { accountsOf, setPolicy, userOf } from './users.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let careful: ApiClient
const { applications } = routes

beforeAll(async () => {
  world = await startWorld(accountsOf('careful'))
  admin = await signIn(world)
  await setPolicy(
    world,
    'careful, applications, get, */*, allow',
    'careful, applications, sync, */*, allow',
    'careful, applications, sync/prune, */*, deny',
    'careful, applications, sync/force, */*, deny',
    'careful, applications, sync/replace, */*, deny',
  )
  careful = await userOf(world, admin, 'careful')
})
afterAll(() => world.stop())

/** Its image cannot be had. */
const endless = hookJob('endless', 'PreSync').replace('hook:1.0', 'missing:1.0')
const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

function sync(app: App, body: object = {}, api = admin.api): Promise<Application> {
  return api.call(applications.sync, { params: { name: app.name }, body })
}

async function compared(
  files: Record<string, string>,
  spec: object = manual,
): Promise<{ app: App; repository: Repository }> {
  const repository = world.repository(files)
  const app = await world.application(repository, spec)
  await app.until('compared', ({ sync: found }) => found?.status === 'OutOfSync')
  return { app, repository }
}
type Repository = ReturnType<World['repository']>

const ended = (app: App, phase = 'Succeeded') =>
  app.until(
    `the operation is ${phase}`,
    ({ operationState }, { operation }) => !operation && operationState?.phase === phase,
  )

async function denied(call: Promise<unknown>): Promise<string> {
  const refusal = await call.then(
    () => undefined,
    (error: unknown) => error as { status: number; message: string },
  )
  expect(refusal).toMatchObject({ status: 403, code: 7 })
  return refusal?.message ?? ''
}

test('a sync says what it begins, and one at a time', async () => {
  const { app } = await compared({ 'slow.yaml': slowHook('slow', 3), 'config.yaml': configMap('config') })
  const started = await sync(app, {
    prune: true,
    infos: [{ name: 'why', value: 'a test' }],
    retryStrategy: { limit: 1 },
  })
  expect(started.operation).toEqual({
    sync: { prune: true, syncStrategy: { hook: {} }, syncOptions: ['CreateNamespace=true'] },
    initiatedBy: { username: 'admin' },
    info: [
      { name: 'why', value: 'a test' },
      { name: 'request', value: expect.any(String) },
    ],
    retry: { limit: 1 },
  })
  await expect(sync(app)).rejects.toMatchObject({
    status: 400,
    code: 9,
    message: 'another operation is already in progress',
  })
  await ended(app)
  expect(await app.live('ConfigMap', 'config')).toBeDefined()
})

test('an operation is terminated, and then there is none to terminate', async () => {
  const { app } = await compared({ 'endless.yaml': endless, 'config.yaml': configMap('config') })
  await sync(app)
  await app.until('it waits for the hook', ({ operationState }) =>
    Boolean(operationState?.syncResult?.resources?.some((one) => one.hookType && one.hookPhase === 'Running')),
  )
  const end = () => admin.api.call(applications.terminateOperation, { params: { name: app.name } })
  expect(await end()).toEqual({})
  await ended(app, 'Failed')
  expect(app.status().operationState?.message).toContain('terminated')
  await expect(end()).rejects.toMatchObject({
    code: 3,
    message: 'Unable to terminate operation. No operation is in progress',
  })
})

test('a preflight answers what the server says to each object, and nothing is written', async () => {
  const typo = deployment('web').replace('replicas:', 'replica:')
  const { app } = await compared({ 'config.yaml': configMap('config'), 'web.yaml': inWave(1, typo) })
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: app.namespace } }
  await world.client.apply(namespace, { fieldManager: 'e2e' })
  const { status } = await sync(app, { preflightOnly: true })
  expect(status?.operationState).toMatchObject({ phase: 'Failed' })
  const told = Object.fromEntries(
    (status?.operationState?.syncResult?.resources ?? []).map(({ name, message }) => [name, message]),
  )
  expect(told.config).toContain('would be taken')
  expect(told.web).toContain('replica')
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})

test('pruning, forcing and replacing have rights of their own', async () => {
  const { app } = await compared({ 'config.yaml': configMap('config') })
  expect(await denied(sync(app, { prune: true }, careful))).toContain('sync/prune')
  expect(await denied(sync(app, { strategy: { hook: { force: true } } }, careful))).toContain('sync/force')
  expect(await denied(sync(app, { syncOptions: { items: ['Replace=true'] } }, careful))).toContain('sync/replace')
  expect(await denied(sync(app, { manifests: ['{}'] }, careful))).toContain('override')
  const rollback = careful.call(applications.rollback, { params: { name: app.name }, body: { id: 0, prune: true } })
  expect(await denied(rollback)).toContain('sync/prune')
  await sync(app, { syncOptions: { items: ['CreateNamespace=true'] } }, careful)
  await ended(app)
})

test('manifests of the client are deployed for who may override, and leave no history', async () => {
  const { app } = await compared({ 'config.yaml': configMap('config') })
  await expect(sync(app, { manifests: ['{"kind":"ConfigMap"}'] })).rejects.toMatchObject({ code: 9 })
  const local = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'local' }, data: { a: 'b' } }
  await sync(app, { manifests: [JSON.stringify(local)] })
  await ended(app)
  expect(await app.live('ConfigMap', 'local')).toMatchObject({ data: { a: 'b' } })
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
  expect(app.status().history).toBeUndefined()
})

test('a project permits local manifests no more than those of a repository', async () => {
  const project: AppProject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'narrow' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      namespaceResourceWhitelist: [{ group: '', kind: 'ConfigMap' }],
    },
  }
  await admin.api.call(routes.projects.create, { body: { project } })
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), {
    project: 'narrow',
    syncPolicy: {},
  })
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: app.namespace } }
  await world.client.apply(namespace, { fieldManager: 'e2e' })
  await app.until('compared', ({ sync: found }) => found?.status === 'OutOfSync')
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'sneaked' }, rules: [] }
  await sync(app, { manifests: [JSON.stringify(role)] })
  await app.until(
    'it has ended',
    ({ operationState }, { operation }) => !operation && operationState?.finishedAt !== undefined,
  )
  expect(await app.live('Role', 'sneaked')).toBeUndefined()
})

test('other revisions, chosen resources and a dry run', async () => {
  const { app, repository } = await compared({
    'config.yaml': configMap('config', { v: '1' }),
    'other.yaml': configMap('other'),
  })
  const first = repository.git('rev-parse', 'HEAD')
  repository.commit({ 'config.yaml': configMap('config', { v: '2' }) })
  await sync(app, { dryRun: true })
  await ended(app)
  expect(await app.live('Namespace', app.namespace)).toBeUndefined()
  await sync(app, { revision: first, resources: [{ group: '', kind: 'ConfigMap', name: 'config' }] })
  await ended(app)
  expect(await app.live('ConfigMap', 'config')).toMatchObject({ data: { v: '1' } })
  expect(await app.live('ConfigMap', 'other')).toBeUndefined()
  await app.patch({ spec: { syncPolicy: { automated: { enabled: true } } } })
  await expect
    .poll(() =>
      sync(app, { revision: 'elsewhere' }).then(
        () => '',
        (error: Error) => error.message,
      ),
    )
    .toMatch(/Cannot sync to elsewhere: auto-sync currently set to main|already in progress/)
})

test('a sync window refuses syncs by hand, and says until when', async () => {
  const project: AppProject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'closed' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      syncWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }],
    },
  }
  await admin.api.call(routes.projects.create, { body: { project } })
  const { app } = await compared({ 'config.yaml': configMap('config') }, { ...manual, project: 'closed' })
  expect(await denied(sync(app))).toMatch(
    /^.*cannot sync: blocked by sync window: the deny window "\* \* \* \* \*" for 1h is open/,
  )
})

test('a rollback goes back, and with automated sync stays there until the pin is lifted', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { v: '1' }) })
  const app = await world.application(repository)
  await app.settled()
  const second = repository.commit({ 'config.yaml': configMap('config', { v: '2' }) })
  await app.settled(second)
  const rollBack = (body: object) => admin.api.call(applications.rollback, { params: { name: app.name }, body })
  const [first] = app.status().history ?? []
  await expect(rollBack({ id: first?.id, pin: false })).rejects.toMatchObject({
    code: 9,
    message: 'rollback cannot be initiated when auto-sync is enabled',
  })
  await expect(rollBack({ id: 99 })).rejects.toMatchObject({ code: 3 })
  const started = await rollBack({ id: String(first?.id) })
  expect(started.metadata.annotations?.['tiphys.dev/pin']).toContain('"by":"admin"')
  await expect.poll(() => app.live('ConfigMap', 'config'), { timeout: 20_000 }).toMatchObject({ data: { v: '1' } })
  await app.until('idle', (_, { operation }) => !operation)
  const lifted = await admin.api.call(applications.unpin, { params: { name: app.name } })
  expect(lifted.metadata.annotations?.['tiphys.dev/pin']).toBeUndefined()
  await expect.poll(() => app.live('ConfigMap', 'config'), { timeout: 20_000 }).toMatchObject({ data: { v: '2' } })
})

test('an application that is being deleted is not synced', async () => {
  const { app } = await compared({ 'config.yaml': configMap('config') })
  await app.patch({ metadata: { finalizers: ['example.com/hold'] } })
  await admin.api.call(applications.delete, { params: { name: app.name }, query: { cascade: false } })
  await expect(sync(app)).rejects.toMatchObject({ code: 9, message: 'application is deleting' })
  await app.patch({ metadata: { finalizers: null } })
})
