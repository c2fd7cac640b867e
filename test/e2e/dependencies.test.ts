import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationStatus } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }
const dependsOn = (app: App, names: string | null) =>
  app.patch({ metadata: { annotations: { 'tiphys.dev/depends-on': names } } })
const tells = (type: string, pattern: RegExp) => (status: ApplicationStatus) =>
  Boolean(status.conditions?.some((condition) => condition.type === type && pattern.test(condition.message)))

/** Synced once, so that the annotation is there before there is anything to do. */
async function dependant(names: string) {
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const app = await world.application(repository)
  await app.settled()
  await dependsOn(app, names)
  return { app, commit: () => repository.commit({ 'config.yaml': configMap('config', { at: String(Date.now()) }) }) }
}

test('an application waits until what it depends on is synced and healthy, and then starts by itself', async () => {
  const database = await world.application(world.repository({ 'db.yaml': deployment('db') }), manual)
  await database.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const { app, commit } = await dependant(database.name)
  const revision = commit()
  await app.until('it waits', tells('DependencyWarning', new RegExp(`waits for ${database.name} \\(OutOfSync\\)`)))
  expect(app.status().operationState?.syncResult?.revision).not.toBe(revision)
  await database.sync()
  await app.settled(revision)
  expect(app.status().conditions).toBeUndefined()
  expect(database.status().health?.status).toBe('Healthy')
})

test('a sync by hand does not wait', async () => {
  const { app, commit } = await dependant('nobody')
  const revision = commit()
  await app.until('told', tells('DependencyError', /nobody, which is no application/))
  await app.until('seen', ({ sync }) => sync?.revision === revision)
  expect((await app.sync()).phase).toBe('Succeeded')
  await app.until('synced', ({ sync }) => sync?.status === 'Synced' && sync.revision === revision)
})

test('a dependency that does not exist yet is told, and waited for', async () => {
  const later = world.unique('later')
  const { app, commit } = await dependant(later)
  const revision = commit()
  await app.until('told', tells('DependencyError', /which is no application/))
  const metadata = { name: later, namespace: world.controlNamespace }
  const source = { repoURL: world.repository({ 'c.yaml': configMap('c') }).url, path: '.', targetRevision: 'main' }
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata,
    spec: {
      project: 'default',
      source,
      destination: { name: 'in-cluster', namespace: app.namespace },
      syncPolicy: { automated: {} },
    },
  })
  await app.settled(revision)
})

test('a circle is a condition of everyone in it, and ends when it is cut', async () => {
  const [one, other] = [await dependant(''), await dependant('')]
  await dependsOn(one.app, other.app.name)
  await dependsOn(other.app, one.app.name)
  await one.app.until('told', tells('DependencyError', /leads in a circle/))
  await other.app.until('told', tells('DependencyError', /leads in a circle/))
  const revision = one.commit()
  await one.app.until('seen', ({ sync }) => sync?.status === 'OutOfSync' && sync.revision === revision)
  await dependsOn(other.app, null)
  await one.app.settled(revision)
  expect(one.app.status().conditions).toBeUndefined()
})

test('applications that an application deploys are looked at with it, and bring it news', async () => {
  const inner = world.repository({ 'web.yaml': deployment('web') })
  const child = world.unique('child')
  const manifest = JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: child,
      namespace: world.controlNamespace,
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project: 'default',
      source: { repoURL: inner.url, path: '.', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: world.unique('child-home') },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  })
  const outer = world.repository({ 'child.json': manifest })
  const parent = await world.application(outer)
  await parent.settled()
  const target = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    namespace: world.controlNamespace,
    name: child,
  }
  await expect
    .poll(async () => ((await world.client.get(target))?.status as ApplicationStatus | undefined)?.health?.status, {
      timeout: 20_000,
    })
    .toBe('Healthy')
  await parent.settled(outer.commit({ 'child.json': null, 'c.yaml': configMap('c') }))
  await expect.poll(() => world.client.get(target), { timeout: 20_000 }).toBeUndefined()
})

const healthOfApplications = `hs = {status = "Progressing", message = ""}
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
end
return hs
`

test('with health for Applications, a wave of applications waits until those of the one before are well', async () => {
  const key = 'resource.customizations.health.argoproj.io_Application'
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: world.controlNamespace },
  }
  await world.client.apply({ ...settings, data: { [key]: healthOfApplications } }, { fieldManager: 'e2e-health' })
  const child = (name: string, wave: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name,
        namespace: world.controlNamespace,
        annotations: { 'argocd.argoproj.io/sync-wave': wave },
      },
      spec: {
        project: 'default',
        source: { repoURL: world.repository({ 'web.yaml': deployment('web') }).url, path: '.', targetRevision: 'main' },
        destination: { name: 'in-cluster', namespace: name },
        ...spec,
      },
    })
  const [first, second] = [world.unique('first'), world.unique('second')]
  const automated = { syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] } }
  const parent = await world.application(
    world.repository({ 'a.json': child(first, '0', manual), 'b.json': child(second, '1', automated) }),
  )
  const target = (name: string) => ({
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    namespace: world.controlNamespace,
    name,
  })
  await expect
    .poll(() => world.client.get(target(first)), { timeout: 20_000 })
    .toMatchObject({
      status: { sync: { status: 'OutOfSync' } },
    })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(await world.client.get(target(second))).toBeUndefined()
  await world.client.patch(target(first), { operation: { sync: {} } }, { type: 'merge', fieldManager: 'e2e' })
  await parent.settled()
  expect(await world.client.get(target(second))).toMatchObject({ status: { health: { status: 'Healthy' } } })
})
