/** The plan of a sync or a rollback through the REST API: what would be done, in which order, and what the server says. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, type BodyOf, routes } from '../../src/contract/index.ts'
import type { AppProject } from '../../src/model/index.ts'
import { configMap, deployment, hookJob, inWave } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { accountsOf, setPolicy, userOf } from './users.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let reader: ApiClient

beforeAll(async () => {
  world = await startWorld(accountsOf('reader'))
  admin = await signIn(world)
  await setPolicy(world, 'reader, applications, get, */*, allow')
  reader = await userOf(world, admin, 'reader')
})
afterAll(() => world.stop())

const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

function plan(app: App, body: BodyOf<typeof routes.applications.plan> = {}, api = admin.api) {
  return api.call(routes.applications.plan, { params: { name: app.name }, body: { checks: true, ...body } })
}

async function planned(app: App, body: BodyOf<typeof routes.applications.plan> = {}): Promise<string[]> {
  const { steps } = await plan(app, body)
  return steps.map(({ phase, wave, verb, kind, name, comparison = '', check = '' }) =>
    [phase, wave, verb, kind, name === app.namespace ? '(its)' : name, comparison, check].join(' ').trim(),
  )
}

test('a plan has every step in its order, and no operation has begun', async () => {
  const files = {
    'before.yaml': hookJob('before', 'PreSync'),
    'config.yaml': configMap('config', { v: '1' }),
    'web.yaml': inWave(1, deployment('web')),
  }
  const repository = world.repository(files)
  const app = await world.application(repository, manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  expect(await planned(app)).toEqual([
    'PreSync 0 apply Namespace (its) missing passes',
    'PreSync 0 hook Job before  unknown',
    'Sync 0 apply ConfigMap config missing unknown',
    'Sync 1 apply Deployment web missing unknown',
  ])
  expect(app.current()?.operation).toBeUndefined()
  expect(app.status().operationState).toBeUndefined()
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })

  const replicas = deployment('web', { replicas: 2 })
  const second = repository.commit({ 'config.yaml': null, 'web.yaml': inWave(1, replicas) })
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } })
  await app.until('looked at anew', ({ sync }) => sync?.revision === second)
  const { steps, revisions, blocked } = await plan(app)
  expect(revisions).toEqual([second])
  expect(blocked).toBeUndefined()
  expect(steps.find(({ name }) => name === 'config')).toMatchObject({
    verb: 'prune',
    kept: 'ignored (requires pruning)',
  })
  expect(steps.find(({ name }) => name === 'web')).toMatchObject({
    check: 'passes',
    drift: [{ path: 'spec.replicas', desired: 2, live: 1 }],
  })
  const pruned = await plan(app, { prune: true, resources: [{ kind: 'ConfigMap', name: 'config' }] })
  expect(pruned.steps.map(({ name, kept }) => [name, kept])).toEqual([['config', undefined]])

  const [first] = app.status().history ?? []
  expect(await planned(app, { id: first?.id ?? -1 })).toEqual([
    'Sync 0 apply ConfigMap config synced passes',
    'Sync 1 apply Deployment web synced passes',
  ])
})

test('what the server refuses is told in its words', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { v: '1' }) })
  const app = await world.application(repository, manual)
  await app.sync()
  const typo = deployment('web').replace('replicas:', 'replica:')
  const revision = repository.commit({ 'web.yaml': typo })
  const { steps } = await plan(app, { revision })
  expect(steps.find(({ name }) => name === 'web')).toMatchObject({
    check: 'refused',
    message: expect.stringContaining('replica'),
  })
  const unchecked = await plan(app, { revision, checks: false })
  expect(unchecked.steps.map(({ check }) => check)).toEqual([undefined, undefined])
})

test('a plan is for who may ask for the sync, and tells of a window that is closed', async () => {
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
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), {
    ...manual,
    project: 'closed',
  })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  expect((await plan(app)).blocked).toContain('the deny window')
  await expect(plan(app, {}, reader)).rejects.toMatchObject({ status: 403 })
})

test('manifests of a deployment are those that it had, from the sources as they were', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { v: '1' }) })
  const app = await world.application(repository)
  await app.settled()
  await app.settled(repository.commit({ 'config.yaml': configMap('config', { v: '2' }) }))
  const [first, second] = app.status().history ?? []
  const manifests = async (versionId = -1) => {
    const { manifests: rendered } = await admin.api.call(routes.applicationSources.manifests, {
      params: { name: app.name },
      query: { versionId },
    })
    return rendered.map((text) => JSON.parse(text).data)
  }
  expect(await manifests(first?.id)).toEqual([{ v: '1' }])
  expect(await manifests(second?.id)).toEqual([{ v: '2' }])
  await expect(manifests(99)).rejects.toMatchObject({ code: 3 })
})
