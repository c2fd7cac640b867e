import { afterAll, beforeAll, expect, test } from 'vitest'
import { deployment } from './manifests.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const policy = { syncOptions: ['CreateNamespace=true'] }

test('a change by hand is OutOfSync within a second, and its field, values, author and time are known', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) }), {
    syncPolicy: { ...policy, automated: { selfHeal: false } },
  })
  await app.settled()
  const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' }
  await world.client.patch(target, { spec: { replicas: 5 } }, { type: 'strategic', fieldManager: 'kubectl-edit' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync', 1000)
  const [resource] =
    world
      .tiphys()
      .controller.observation(app.name)
      ?.resources.filter(({ key }) => key.name === 'web') ?? []
  expect(resource?.verdict).toMatchObject({
    kind: 'changed',
    fields: [
      {
        path: 'spec.replicas',
        desired: 2,
        live: 5,
        author: { manager: 'kubectl-edit', operation: 'Update', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      },
    ],
  })
})

test('with selfHeal a change by hand is undone, and only the resource that deviates is synced', async () => {
  const app = await world.application(
    world.repository({ 'web.yaml': deployment('web', { replicas: 2 }), 'other.yaml': deployment('other') }),
  )
  await app.settled()
  const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' }
  await world.client.patch(target, { spec: { replicas: 5 } }, { type: 'strategic', fieldManager: 'kubectl-edit' })
  await app.until('healed', ({ operationState }) => operationState?.operation.sync?.resources?.[0]?.name === 'web')
  await app.settled()
  expect((await app.live('Deployment', 'web'))?.spec).toMatchObject({ replicas: 2 })
  const synced = app.status().operationState?.syncResult?.resources?.filter(({ kind }) => kind === 'Deployment')
  expect(synced?.map(({ name }) => name)).toEqual(['web'])
  expect(app.status().history).toHaveLength(1)
})

test('an object deleted by hand comes back with selfHeal', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }))
  await app.settled()
  const before = (await app.live('Deployment', 'web'))?.metadata.uid
  await world.client.delete({ group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' })
  await app.until('made again', ({ operationState }) => operationState?.operation.sync?.resources !== undefined)
  await app.settled()
  expect((await app.live('Deployment', 'web'))?.metadata.uid).not.toBe(before)
})

test('a field that nobody declares in Git is no drift', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }), { syncPolicy: policy })
  expect((await app.sync()).phase).toBe('Succeeded')
  const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' }
  await world.client.patch(
    target,
    { metadata: { labels: { team: 'x' } }, spec: { minReadySeconds: 1 } },
    { type: 'merge' },
  )
  await app.settled()
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(app.status().sync?.status).toBe('Synced')
})
