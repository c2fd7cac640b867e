import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppProjectSpec } from '../../src/model/index.ts'
import { configMap, slowHook } from './manifests.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const everything: AppProjectSpec = {
  sourceRepos: ['*'],
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: '*', kind: '*' }],
}

const projectTarget = (name: string) => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'AppProject',
  namespace: world.controlNamespace,
  name,
})

async function project(spec: AppProjectSpec, labels: Record<string, string> = {}): Promise<string> {
  const name = world.unique(`project-${Math.random().toString(36).slice(2, 8)}`)
  const metadata = { name, namespace: world.controlNamespace, labels }
  await world.client.create({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec })
  return name
}

function change(name: string, spec: AppProjectSpec) {
  return world.client.patch(projectTarget(name), { spec }, { type: 'merge', fieldManager: 'e2e' })
}

test('what the project does not permit is refused with the field to change, and deployed once that is changed', async () => {
  const name = await project({ ...everything, sourceRepos: ['https://git.example.com/*'] })
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), { project: name })
  await app.until('the repository is refused', ({ conditions }) =>
    Boolean(
      conditions?.some(({ type, message }) => type === 'InvalidSpecError' && /add it to its sourceRepos/.test(message)),
    ),
  )
  expect(app.status().operationState).toBeUndefined()
  await change(name, { sourceRepos: ['**'] })
  await app.settled()
})

test('one object that the project does not permit keeps the application from syncing, and is named', async () => {
  const name = await project({ ...everything, namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] })
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: hidden}\nstringData: {a: b}\n'
  const repository = world.repository({ 'config.yaml': configMap('config'), 'secret.yaml': secret })
  const app = await world.application(repository, { project: name })
  await app.until('the object is refused', ({ conditions }) =>
    Boolean(
      conditions?.some(({ message }) => /Secret .*hidden: its namespaceResourceBlacklist names it/.test(message)),
    ),
  )
  const ended = await app.sync()
  expect(ended).toMatchObject({ phase: 'Failed', message: expect.stringMatching(/namespaceResourceBlacklist/) })
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})

test('a project that loses a kind takes effect at once, and nothing of that kind is pruned', async () => {
  const name = await project(everything)
  const repository = world.repository({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') })
  const app = await world.application(repository, { project: name })
  await app.settled()
  await change(name, { namespaceResourceBlacklist: [{ group: '', kind: 'ConfigMap' }] })
  await app.until('refused', ({ conditions, sync }) => Boolean(conditions?.length) && sync?.status === 'Unknown')
  repository.commit({
    'a.yaml': null,
    'b.yaml': null,
    'sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\n',
  })
  await app.until('the rest is synced', ({ sync, conditions }) => sync?.status === 'Synced' && !conditions)
  expect(await app.live('ServiceAccount', 'sa')).toBeDefined()
  expect(await app.live('ConfigMap', 'a')).toBeDefined()
})

test('a project that changes in the middle of a sync stops it at the next object', async () => {
  const name = await project(everything)
  const repository = world.repository({ 'hook.yaml': slowHook('before', 3), 'config.yaml': configMap('config') })
  const app = await world.application(repository, {
    project: name,
    syncPolicy: { syncOptions: ['CreateNamespace=true'] },
  })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await app.patch({ operation: { sync: {}, initiatedBy: { username: 'e2e' } } })
  await app.until('the hook runs', ({ operationState }) =>
    Boolean(operationState?.syncResult?.resources?.some(({ hookPhase }) => hookPhase === 'Running')),
  )
  await change(name, { namespaceResourceBlacklist: [{ group: '', kind: 'ConfigMap' }] })
  await app.until('the sync has failed', ({ operationState }) => operationState?.phase === 'Failed')
  expect(app.status().operationState?.message).toMatch(/ConfigMap.*its namespaceResourceBlacklist names it/)
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})

test('the source that an operation names instead of the application is asked for as well', async () => {
  const permitted = world.repository({ 'config.yaml': configMap('config') })
  const name = await project({ ...everything, sourceRepos: [permitted.url] })
  const app = await world.application(permitted, { project: name })
  await app.settled()
  const foreign = world.repository({ 'config.yaml': configMap('config', { stolen: 'yes' }) })
  const ended = await app.sync({ source: { repoURL: foreign.url, path: '.', targetRevision: 'main' } })
  expect(ended).toMatchObject({ phase: 'Failed', message: expect.stringMatching(/sourceRepos/) })
  expect((await app.live('ConfigMap', 'config'))?.data).not.toEqual({ stolen: 'yes' })
})

test('a global project adds to the projects that it selects', async () => {
  const base = await project({ sourceRepos: ['**'] })
  await settings('argocd-cm', {
    globalProjects: `- projectName: ${base}\n  labelSelector: {matchLabels: {tier: ${base}}}\n`,
  })
  const name = await project({ ...everything, sourceRepos: [] }, { tier: base })
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), { project: name })
  await app.settled()
})

test('applications of other namespaces are seen when the settings and their project name the namespace', async () => {
  const home = world.unique('team')
  await world.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } })
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const name = await project(everything)
  const metadata = { name: 'shop', namespace: home }
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata,
    spec: {
      project: name,
      source: { repoURL: repository.url, path: '.', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: home },
      syncPolicy: { automated: { prune: true } },
    },
  })
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', ...metadata }
  const status = async () =>
    ((await world.client.get(target))?.status ?? {}) as { conditions?: object[]; sync?: object }
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await status()).toEqual({})

  await settings('argocd-cmd-params-cm', { 'application.namespaces': `${home}, other-*` })
  await expect.poll(async () => JSON.stringify(await status()), { timeout: 20_000 }).toMatch(/sourceNamespaces/)
  await change(name, { sourceNamespaces: [home] })
  await expect.poll(status, { timeout: 20_000 }).toMatchObject({ sync: { status: 'Synced' } })
  const config = { group: '', version: 'v1', kind: 'ConfigMap', namespace: home, name: 'config' }
  expect((await world.client.get(config))?.metadata.annotations?.['argocd.argoproj.io/tracking-id']).toBe(
    `${home}_shop:/ConfigMap:${home}/config`,
  )
  await world.client.delete(target)
  if (world.isRealCluster)
    await world.client.delete({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: home })
})

async function settings(name: string, data: Record<string, string>): Promise<void> {
  const metadata = { name, namespace: world.controlNamespace }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: `e2e-${name}` })
}

test('with impersonation an application may do what its service account may, and no more', async () => {
  await settings('argocd-cm', { 'application.sync.impersonation.enabled': 'true' })
  const name = await project(everything)
  const home = world.unique('acting')
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: hidden}\nstringData: {a: b}\n'
  const repository = world.repository({ 'config.yaml': configMap('config') })
  await world.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } })
  const metadata = { name: 'deployer', namespace: home }
  const rights = { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }
  const rbac = 'rbac.authorization.k8s.io'
  await world.client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  await world.client.create({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: [rights] })
  await world.client.create({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'deployer' },
    subjects: [{ kind: 'ServiceAccount', ...metadata }],
  })
  const app = await world.application(repository, {
    project: name,
    destination: { name: 'in-cluster', namespace: home },
    syncPolicy: {},
  })
  await app.until('an account is missing', ({ conditions }) =>
    Boolean(conditions?.some(({ message }) => /add one to its destinationServiceAccounts/.test(message))),
  )
  await change(name, {
    destinationServiceAccounts: [{ server: '*', namespace: home, defaultServiceAccount: 'deployer' }],
  })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  expect((await app.sync()).phase).toBe('Succeeded')
  await app.settled()

  const revision = repository.commit({ 'secret.yaml': secret })
  await app.until('the commit is seen', ({ sync }) => sync?.revision === revision)
  const refused = await app.sync()
  expect(refused.phase).toBe('Failed')
  expect(JSON.stringify(refused.syncResult)).toMatch(`system:serviceaccount:${home}:deployer`)
  expect(await app.live('Secret', 'hidden')).toBeUndefined()
  await settings('argocd-cm', {})
})
