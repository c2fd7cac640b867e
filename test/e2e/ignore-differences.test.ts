import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const respecting = {
  automated: { prune: true, selfHeal: true },
  syncOptions: ['CreateNamespace=true', 'RespectIgnoreDifferences=true'],
}
const watched = { automated: { selfHeal: false }, syncOptions: ['CreateNamespace=true'] }
const replicas = { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }

function target(app: App, kind: 'Deployment' | 'ConfigMap', name: string) {
  return { group: kind === 'Deployment' ? 'apps' : '', version: 'v1', kind, namespace: app.namespace, name }
}

function resource(app: App, name: string) {
  return world
    .tiphys()
    .controller.observation(app.name)
    ?.resources.find(({ key }) => key.name === name)
}

/** As an autoscaler does it: a manager of its own writes the field by Update. */
async function scale(app: App, count: number): Promise<void> {
  const patch = { spec: { replicas: count } }
  await world.client.patch(target(app, 'Deployment', 'web'), patch, { type: 'merge', fieldManager: 'autoscaler' })
}

async function seen(app: App, count: number): Promise<void> {
  await app.until(`${count} replicas are known`, () => {
    const spec = resource(app, 'web')?.live?.object.spec as { replicas?: number } | undefined
    return spec?.replicas === count
  })
}

const replicasOf = (object: KubeObject | undefined) => (object?.spec as { replicas?: number } | undefined)?.replicas
const managersOf = (object: KubeObject | undefined, field: string) =>
  (object?.metadata.managedFields ?? [])
    .filter(({ fieldsV1, subresource }) => !subresource && JSON.stringify(fieldsV1 ?? {}).includes(`"f:${field}"`))
    .map(({ manager }) => manager)

test('replicas that an autoscaler owns stay its own, through changes of Git and syncs', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) })
  const app = await world.application(repository, { ignoreDifferences: [replicas], syncPolicy: respecting })
  await app.settled()
  await scale(app, 4)
  await seen(app, 4)
  expect(app.status().sync?.status).toBe('Synced')
  expect(resource(app, 'web')?.verdict).toEqual({
    kind: 'synced',
    ignored: [
      {
        path: 'spec.replicas',
        desired: 2,
        live: 4,
        ignoredBy: { origin: 'spec.ignoreDifferences[0]', jsonPointer: '/spec/replicas' },
      },
    ],
  })
  const revision = repository.commit({
    'web.yaml': deployment('web', { replicas: 3, image: 'registry.example.com/web:2.0' }),
  })
  await app.settled(revision)
  const live = await app.live('Deployment', 'web')
  expect(JSON.stringify(live?.spec)).toContain('web:2.0')
  expect(replicasOf(live)).toBe(4)
  expect(managersOf(live, 'replicas')).toEqual(['autoscaler'])
  await scale(app, 5)
  await seen(app, 5)
  expect((await app.sync()).phase).toBe('Succeeded')
  expect(replicasOf(await app.live('Deployment', 'web'))).toBe(5)
})

test('another applier of an ignored field never meets a conflict', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { ours: '1', shared: 'git' }) })
  const rule = { kind: 'ConfigMap', jsonPointers: ['/data/shared'] }
  const app = await world.application(repository, { ignoreDifferences: [rule], syncPolicy: respecting })
  await app.settled()
  const declared = (shared: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config', namespace: app.namespace },
    data: { shared },
  })
  await world.client.apply(declared('theirs'), { fieldManager: 'other-applier', force: true })
  const revision = repository.commit({ 'config.yaml': configMap('config', { ours: '2', shared: 'git' }) })
  await app.settled(revision)
  await app.sync()
  expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ ours: '2', shared: 'theirs' })
  // Without force: the server refuses it where anybody else owns the field.
  await world.client.apply(declared('theirs again'), { fieldManager: 'other-applier' })
  expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ ours: '2', shared: 'theirs again' })
})

test('a replacement keeps what is ignored too', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) })
  const syncOptions = [...respecting.syncOptions, 'Replace=true']
  const app = await world.application(repository, {
    ignoreDifferences: [replicas],
    syncPolicy: { ...respecting, syncOptions },
  })
  await app.settled()
  await scale(app, 4)
  await seen(app, 4)
  const revision = repository.commit({
    'web.yaml': deployment('web', { replicas: 3, image: 'registry.example.com/web:2.0' }),
  })
  await app.settled(revision)
  const live = await app.live('Deployment', 'web')
  expect(JSON.stringify(live?.spec)).toContain('web:2.0')
  expect(replicasOf(live)).toBe(4)
})

test('without RespectIgnoreDifferences a difference does not count, and a sync overwrites it', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) }), {
    ignoreDifferences: [replicas],
    syncPolicy: watched,
  })
  await app.settled()
  await scale(app, 4)
  await seen(app, 4)
  expect(app.status().sync?.status).toBe('Synced')
  expect((await app.sync()).phase).toBe('Succeeded')
  expect(replicasOf(await app.live('Deployment', 'web'))).toBe(2)
})

test('fields of a trusted manager do not count, those of others do', async () => {
  const rule = { group: '*', kind: '*', managedFieldsManagers: ['autoscaler'] }
  const app = await world.application(world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) }), {
    ignoreDifferences: [rule],
    syncPolicy: watched,
  })
  await app.settled()
  await scale(app, 4)
  await seen(app, 4)
  expect(app.status().sync?.status).toBe('Synced')
  const patch = { spec: { replicas: 6 } }
  await world.client.patch(target(app, 'Deployment', 'web'), patch, { type: 'merge', fieldManager: 'kubectl-edit' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
})

test('rules with jq, simple and real, take effect and can be taken back', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }), { syncPolicy: watched })
  await app.settled()
  const image = (value: string) => ({ spec: { template: { spec: { containers: [{ name: 'main', image: value }] } } } })
  await world.client.patch(target(app, 'Deployment', 'web'), image('registry.example.com/web:other'), {
    type: 'strategic',
  })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  for (const expression of [
    '.spec.template.spec.containers[] | select(.name == "main") | .image',
    '.spec.template.spec.containers | first | .image',
  ]) {
    const rule = { group: 'apps', kind: 'Deployment', jqPathExpressions: [expression] }
    await app.patch({ spec: { ignoreDifferences: [rule] } })
    await app.until('Synced', ({ sync }) => sync?.status === 'Synced')
    await app.patch({ spec: { ignoreDifferences: null } })
    await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  }
})

test('a rule for the whole installation takes effect without a restart, and ends without one', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config', { a: '1' }) }), {
    syncPolicy: watched,
  })
  await app.settled()
  await world.client.patch(target(app, 'ConfigMap', 'config'), { data: { a: 'changed' } }, { type: 'merge' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace, name: 'argocd-cm' }
  const key = 'resource.customizations.ignoreDifferences.ConfigMap'
  await world.client.patch(settings, { data: { [key]: 'jsonPointers: [/data/a]' } }, { type: 'merge' })
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced')
  expect(resource(app, 'config')?.verdict).toMatchObject({ ignored: [{ path: 'data.a', ignoredBy: { origin: key } }] })
  await world.client.patch(settings, { data: { [key]: null } }, { type: 'merge' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
})

test('a rule that cannot be followed is a condition that names it, and is gone with the rule', async () => {
  const rule = { group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec | nonsense('] }
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }), {
    ignoreDifferences: [rule],
    syncPolicy: watched,
  })
  await app.until('a condition', ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && message.includes('".spec | nonsense("')),
  )
  expect(app.status().sync?.status).toBe('Unknown')
  await app.patch({ spec: { ignoreDifferences: null } })
  await app.settled()
  expect(app.status().conditions).toBeUndefined()
})

test('a jq expression that does not end is given up within its time, and named', async () => {
  const rule = { group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec | until(.replicas == 77; .)'] }
  const app = await world.application(world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) }), {
    syncPolicy: watched,
  })
  await app.settled()
  await scale(app, 4)
  await seen(app, 4)
  await app.patch({ spec: { ignoreDifferences: [rule] } })
  await app.until('a condition', ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && /until.*longer than 1000 ms/.test(message)),
  )
})
