import { afterAll, beforeAll, expect, test } from 'vitest'
import { rollbackOf } from '../../src/cli/application/rollback.ts'
import { configMap, deployment } from './manifests.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

test('a new application is deployed into a namespace that is made for it, with history and summary', async () => {
  const app = await world.application(
    world.repository({ 'web.yaml': deployment('web'), 'config.yaml': configMap('config') }),
  )
  await app.settled()
  const { history, summary, resources, sourceType, operationState } = app.status()
  expect(history).toMatchObject([{ id: 0, initiatedBy: { automated: true } }])
  expect(summary?.images).toEqual(['registry.example.com/web:1.0'])
  expect(sourceType).toBe('Directory')
  expect(resources?.map(({ kind, name, status, health }) => [kind, name, status, health?.status])).toEqual([
    ['ConfigMap', 'config', 'Synced', undefined],
    ['Deployment', 'web', 'Synced', 'Healthy'],
  ])
  expect(operationState?.message).toBe('successfully synced (all tasks run)')
})

test('a commit is deployed without anybody asking', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { version: '1' }) })
  const app = await world.application(repository)
  await app.settled()
  const revision = repository.commit({ 'config.yaml': configMap('config', { version: '2' }) })
  await app.settled(revision)
  expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ version: '2' })
  expect(
    app
      .status()
      .history?.map((entry) => entry.revision)
      .at(-1),
  ).toBe(revision)
})

test('without automated sync a new application is OutOfSync and Missing until somebody syncs it', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), manual)
  await app.until('OutOfSync', ({ sync, health }) => sync?.status === 'OutOfSync' && health?.status === 'Missing')
  const ended = await app.sync()
  expect(ended).toMatchObject({ phase: 'Succeeded', operation: { initiatedBy: { username: 'e2e' } } })
  await app.settled()
})

test('a version that never gets ready is Degraded or Progressing with the reason of its pod, and rollback heals it', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web') })
  const app = await world.application(repository, manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await app.sync()
  await app.settled()
  const broken = repository.commit({ 'web.yaml': deployment('web', { image: 'registry.example.com/missing:2.0' }) })
  await app.until('the commit is seen', ({ sync }) => sync?.revision === broken)
  await app.sync()
  await app.until('the reason is told', ({ health }) => /Pod web-.*ImagePullBackOff/.test(health?.message ?? ''))
  const current = app.current()
  if (!current) throw new Error('the application is gone')
  await app.patch({ operation: rollbackOf(current, {}, { username: 'e2e', now: new Date() }).operation })
  await app.until('healthy again', ({ health, history }) => health?.status === 'Healthy' && history?.length === 3)
  expect(app.status().sync?.status).toBe('OutOfSync')
})

test('what was removed in Git is pruned by automated sync, and only kept back by a manual sync without prune', async () => {
  const repository = world.repository({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') })
  const automated = await world.application(repository)
  const asked = await world.application(repository, manual)
  await asked.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await asked.sync()
  await Promise.all([automated.settled(), asked.settled()])
  const revision = repository.commit({ 'b.yaml': null })
  await automated.settled(revision)
  expect(await automated.live('ConfigMap', 'b')).toBeUndefined()

  await asked.until('the commit is seen', ({ sync }) => sync?.revision === revision)
  const kept = await asked.sync()
  expect(kept.syncResult?.resources).toContainEqual(expect.objectContaining({ name: 'b', status: 'PruneSkipped' }))
  expect(asked.status().resources).toContainEqual(expect.objectContaining({ name: 'b', requiresPruning: true }))
  await asked.sync({ prune: true })
  await asked.settled(revision)
  expect(await asked.live('ConfigMap', 'b')).toBeUndefined()
})

test('an application with the finalizer takes its resources with it, and without it leaves them', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const [taking, leaving] = [await world.application(repository), await world.application(repository)]
  await Promise.all([taking.settled(), leaving.settled()])
  await taking.patch({ metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] } })
  for (const { name } of [taking, leaving]) {
    const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', name }
    await world.client.delete({ ...target, namespace: world.controlNamespace })
  }
  const deadline = Date.now() + 20_000
  while ((taking.current() || leaving.current()) && Date.now() < deadline) await new Promise((r) => setTimeout(r, 20))
  expect([taking.current(), leaving.current()]).toEqual([undefined, undefined])
  expect(await taking.live('ConfigMap', 'config')).toBeUndefined()
  expect(await leaving.live('ConfigMap', 'config')).toBeDefined()
})

test('a second sync of everything writes nothing', async () => {
  const app = await world.application(
    world.repository({ 'web.yaml': deployment('web'), 'config.yaml': configMap('config') }),
  )
  await app.settled()
  const versions = async () => [
    (await app.live('Deployment', 'web'))?.metadata.resourceVersion,
    (await app.live('ConfigMap', 'config'))?.metadata.resourceVersion,
  ]
  const before = await versions()
  expect((await app.sync()).phase).toBe('Succeeded')
  await app.settled()
  expect(await versions()).toEqual(before)
})

test('after a restart every status is as it was, and nothing is written', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }))
  await app.settled()
  const before = app.current()
  await world.restart()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(app.current()?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion)
  expect(app.status()).toEqual(before?.status)
})
