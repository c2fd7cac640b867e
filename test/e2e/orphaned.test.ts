import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultProjectSpec } from '../../src/model/index.ts'
import { configMap } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const policy = { automated: {}, syncOptions: ['CreateNamespace=true'] }

async function project(name: string, orphanedResources: object): Promise<void> {
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: world.controlNamespace },
    spec: { ...defaultProjectSpec, orphanedResources },
  })
}

function stray(app: App, name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: app.namespace } }
}

const warning = (app: App) =>
  app.status().conditions?.find(({ type }) => type === 'OrphanedResourceWarning')?.message ?? ''

const configMapTarget = (app: App, name: string) => ({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: app.namespace,
  name,
})

test('what belongs to nobody is named while it is there, and changes nothing else', async () => {
  const name = world.unique('watchful')
  await project(name, { ignore: [{ kind: 'ConfigMap', name: 'known-*' }] })
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), {
    project: name,
    syncPolicy: policy,
  })
  await app.settled()
  expect(warning(app)).toBe('')
  await world.client.create(stray(app, 'known-one'))
  await world.client.create(stray(app, 'left'))
  await app.until('the warning', () => warning(app).includes('ConfigMap left'))
  expect(warning(app)).toMatch(/^1 orphaned resource in namespace /)
  expect(app.status()).toMatchObject({ sync: { status: 'Synced' }, health: { status: 'Healthy' } })
  expect(world.tiphys().controller.observation(app.name)?.orphaned).toEqual([
    { group: '', kind: 'ConfigMap', namespace: app.namespace, name: 'left' },
  ])
  await world.client.delete(configMapTarget(app, 'left'))
  await app.until('no warning', () => warning(app) === '')
})

test('with warn: false they are known, and nobody is warned', async () => {
  const name = world.unique('silent')
  await project(name, { warn: false })
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), {
    project: name,
    syncPolicy: policy,
  })
  await app.settled()
  await world.client.create(stray(app, 'left'))
  await app.until('it is known', () => world.tiphys().controller.observation(app.name)?.orphaned?.length === 1)
  expect(warning(app)).toBe('')
})

test('a kind that is excluded while Tiphys runs is left alone at once, and taken back when it is no longer', async () => {
  const app = await world.application(
    world.repository({ 'config.yaml': configMap('config'), 'secret.yaml': secretYaml }),
    { syncPolicy: policy },
  )
  await app.settled()
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace, name: 'argocd-cm' }
  const exclusions = '- {apiGroups: [""], kinds: [Secret]}\n'
  await world.client.patch(settings, { data: { 'resource.exclusions': exclusions } }, { type: 'merge' })
  await app.until('a warning', ({ conditions = [] }) =>
    conditions.some(({ type }) => type === 'ExcludedResourceWarning'),
  )
  await app.until('only the rest', ({ resources = [] }) => resources.every(({ kind }) => kind !== 'Secret'))
  expect(app.status().sync?.status).toBe('Synced')
  await world.client.patch(settings, { data: { 'resource.exclusions': null } }, { type: 'merge' })
  await app.until(
    'everything',
    ({ resources = [], conditions }) => resources.some(({ kind }) => kind === 'Secret') && !conditions,
  )
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced')
})

const secretYaml = 'apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {a: b}\n'
