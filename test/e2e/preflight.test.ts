/** Before the first write of a sync every object has passed a dry run, or nothing is written at all. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configMap, deployment, hookJob, inWave } from './manifests.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }
const good = {
  'before.yaml': hookJob('before', 'PreSync'),
  'config.yaml': configMap('config', { a: '1' }),
  'web.yaml': inWave(1, deployment('web')),
}
const typo = good['web.yaml'].replace('replicas:', 'replica:')
const badSelector = deployment('other').replace('matchLabels: {app: other}', 'matchLabels: {app: another}')

test('with mistakes in two waves nothing is written, the namespace included, and both are told', async () => {
  const repository = world.repository({ ...good, 'web.yaml': typo, 'other.yaml': inWave(2, badSelector) })
  const app = await world.application(repository, manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const { phase, message, syncResult } = await app.sync()
  expect(phase).toBe('Failed')
  expect(message).toContain('nothing has been written')
  const reasons = Object.fromEntries((syncResult?.resources ?? []).map(({ name, message }) => [name, message]))
  expect(reasons.web).toContain('replica')
  expect(reasons.other).toContain('selector')
  const namespace = { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: app.namespace }
  expect(await world.client.get(namespace)).toBeUndefined()

  repository.commit({ ...good, 'other.yaml': null })
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } })
  await app.until('refreshed', (_, { metadata }) => !metadata.annotations?.['argocd.argoproj.io/refresh'])
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })
})

test('a preflight alone tells what would happen and changes nothing', async () => {
  const app = await world.application(world.repository(good), manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const asked = await app.sync({ preflightOnly: true })
  expect(asked).toMatchObject({ phase: 'Succeeded' })
  expect(asked.message).toContain('the preflight has passed: 4 objects; not checked yet: ')
  expect(app.status().history).toBeUndefined()
  expect(app.status().sync?.status).toBe('OutOfSync')
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })

  const again = await app.sync({ preflightOnly: true })
  expect(again.message).toBe('the preflight has passed: 3 objects')
})

test('Preflight=false of one operation begins with the writes', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { a: '1' }), 'web.yaml': inWave(1, typo) })
  const app = await world.application(repository, manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const { phase } = await app.sync({ syncOptions: ['CreateNamespace=true', 'Preflight=false'] })
  expect(phase).toBe('Failed')
  expect(await app.live('ConfigMap', 'config')).toMatchObject({ data: { a: '1' } })
})
