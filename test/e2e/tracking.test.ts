import { afterEach, beforeEach, expect, test } from 'vitest'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.stop())

const trackingId = 'argocd.argoproj.io/tracking-id'
const instance = 'app.kubernetes.io/instance'
const clusterRole = (name: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${name}}\nrules: []\n`

async function settings(data: Record<string, string>): Promise<void> {
  const metadata = { name: 'argocd-cm', namespace: world.controlNamespace }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'e2e-tracking' })
}

async function marks(app: App, kind: string, name: string) {
  const { annotations, labels, uid } = (await app.live(kind, name))?.metadata ?? {}
  return { id: annotations?.[trackingId], label: labels?.[instance], uid }
}

test('each change of the method marks what is there anew, and neither prunes nor makes anything again', async () => {
  const repository = world.repository({
    'web.yaml': deployment('web'),
    'a.yaml': configMap('a'),
    'b.yaml': configMap('b'),
  })
  const app = await world.application(repository, {
    syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
  })
  await app.settled()
  const { uid } = await marks(app, 'Deployment', 'web')
  const id = `${app.name}:apps/Deployment:${app.namespace}/web`
  expect(await marks(app, 'Deployment', 'web')).toEqual({ id, label: undefined, uid })
  for (const [method, wanted] of [
    ['annotation+label', { id, label: app.name, uid }],
    ['label', { id: undefined, label: app.name, uid }],
    ['annotation', { id, label: undefined, uid }],
    ['label', { id: undefined, label: app.name, uid }],
  ] as const) {
    await settings({ 'application.resourceTrackingMethod': method })
    await expect.poll(() => marks(app, 'Deployment', 'web'), { timeout: 20_000, message: method }).toEqual(wanted)
    await app.settled()
  }
  // Still ours in every respect: what Git drops is pruned.
  await app.settled(repository.commit({ 'b.yaml': null }))
  expect(await app.live('ConfigMap', 'b')).toBeUndefined()
  expect(await app.live('ConfigMap', 'a')).toBeDefined()
})

test('an application that is synced by hand stays Synced when the method changes, and what Git drops is still known', async () => {
  const repository = world.repository({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') })
  const app = await world.application(repository, { syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await app.sync()
  await app.settled()
  await settings({ 'application.resourceTrackingMethod': 'label' })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(app.status().sync?.status).toBe('Synced')
  const revision = repository.commit({ 'b.yaml': null })
  await app.until('b requires pruning', ({ resources }) =>
    Boolean(resources?.some(({ name, requiresPruning }) => name === 'b' && requiresPruning)),
  )
  await app.sync({ prune: true })
  await app.settled(revision)
  expect(await app.live('ConfigMap', 'b')).toBeUndefined()
  expect(await marks(app, 'ConfigMap', 'a')).toMatchObject({ id: undefined, label: app.name })
})

test('marks that Argo CD wrote are left as they are', async () => {
  const role = world.unique('reader')
  const repository = world.repository({ 'role.yaml': clusterRole(role) })
  const app = await world.application(repository)
  await app.settled()
  const asArgo = `${app.name}:rbac.authorization.k8s.io/ClusterRole:${app.namespace}/${role}`
  const target = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole', namespace: '', name: role }
  const patch = { metadata: { annotations: { [trackingId]: asArgo } } }
  const { metadata } = await world.client.patch(target, patch, { type: 'merge', fieldManager: 'argocd-controller' })
  await app.settled(repository.commit({}))
  await app.sync()
  await app.settled()
  const live = await world.client.get(target)
  expect(live?.metadata.annotations?.[trackingId]).toBe(asArgo)
  expect(live?.metadata.uid).toBe(metadata.uid)
  await world.client.delete(target)
})

test('an installation with an ID leaves alone what another installation has, and says so', async () => {
  const repository = world.repository({ 'a.yaml': configMap('a') })
  await settings({ installationID: 'one' })
  const app = await world.application(repository)
  await app.settled()
  const annotations = {
    [trackingId]: `${app.name}:/ConfigMap:${app.namespace}/a`,
    'argocd.argoproj.io/installation-id': 'two',
  }
  expect((await app.live('ConfigMap', 'a'))?.metadata.annotations?.['argocd.argoproj.io/installation-id']).toBe('one')
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'a' }
  await world.client.patch(
    target,
    { metadata: { annotations }, data: { key: 'theirs' } },
    { type: 'merge', fieldManager: 'two' },
  )
  await app.until('told', ({ conditions }) =>
    Boolean(
      conditions?.some(({ type, message }) => type === 'SharedResourceWarning' && /installation two/.test(message)),
    ),
  )
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect((await app.live('ConfigMap', 'a'))?.data).toEqual({ key: 'theirs' })
  repository.commit({ 'a.yaml': null, 'b.yaml': configMap('b') })
  await app.settled()
  expect((await app.live('ConfigMap', 'a'))?.data).toEqual({ key: 'theirs' })
})
