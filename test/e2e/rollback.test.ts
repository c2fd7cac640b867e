import { afterAll, beforeAll, expect, test } from 'vitest'
import { rollbackOf } from '../../src/cli/application/rollback.ts'
import { annotation } from '../../src/model/index.ts'
import { configMap } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const data = async (app: App) => (await app.live('ConfigMap', 'config'))?.data
const by = () => ({ username: 'e2e', now: new Date() })
const pinnedMessage = (app: App) => app.status().conditions?.find(({ type }) => type === 'PinnedWarning')?.message

async function rollBack(app: App, flags: object = {}): Promise<void> {
  const current = app.current()
  if (!current) throw new Error('the application is gone')
  const { operation, pin } = rollbackOf(current, flags, by())
  await app.patch({ operation, ...pin?.patch })
}

const unpin = (app: App) => app.patch({ metadata: { annotations: { [annotation.pin]: null } } })

async function twoVersions() {
  const repository = world.repository({ 'config.yaml': configMap('config', { version: '1' }) })
  const app = await world.application(repository)
  await app.settled()
  const first = app.status().sync?.revision ?? ''
  const second = repository.commit({ 'config.yaml': configMap('config', { version: '2' }) })
  await app.settled(second)
  return { repository, app, first, second }
}

test('a rollback with automated sync on stays, is said to be pinned, and heals towards what it is pinned to', async () => {
  const { repository, app, first } = await twoVersions()
  await rollBack(app)
  await app.until('rolled back', ({ sync, history }) => sync?.revision === first && history?.length === 3)
  await app.settled(first)
  expect(await data(app)).toEqual({ version: '1' })
  expect(pinnedMessage(app)).toMatch(
    new RegExp(`pinned to ${first} \\(history 0\\) by e2e at .*tiphys app unpin ${app.name}`),
  )

  repository.commit({ 'config.yaml': configMap('config', { version: '3' }) })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
  await world.client.patch(target, { data: { version: 'by hand' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  await app.until('healed', ({ operationState }) => operationState?.operation.sync?.autoHealAttemptsCount === 1)
  await app.settled(first)
  expect(await data(app)).toEqual({ version: '1' })
})

test('when the pin is lifted, what Git has by then is deployed', async () => {
  const { repository, app, first } = await twoVersions()
  await rollBack(app)
  await app.until('rolled back', ({ sync, history }) => sync?.revision === first && history?.length === 3)
  const third = repository.commit({ 'config.yaml': configMap('config', { version: '3' }) })
  await unpin(app)
  await app.settled(third)
  expect(await data(app)).toEqual({ version: '3' })
  expect(pinnedMessage(app)).toBeUndefined()
})

test('the pin outlives a restart of the controller', async () => {
  const { app, first } = await twoVersions()
  await rollBack(app)
  await app.until('rolled back', ({ sync, history }) => sync?.revision === first && history?.length === 3)
  await app.settled(first)
  await world.restart()
  await app.patch({ metadata: { annotations: { [annotation.refresh]: 'hard' } } })
  await app.until('looked at', (_status, { metadata }) => metadata.annotations?.[annotation.refresh] === undefined)
  await app.settled(first)
  expect(await data(app)).toEqual({ version: '1' })
})

test('a pin that means nothing stops automated sync and says how to go on', async () => {
  const { repository, app, second } = await twoVersions()
  await app.patch({ metadata: { annotations: { [annotation.pin]: 'yesterday' } } })
  await app.until('told', ({ conditions }) =>
    (conditions ?? []).some(({ type, message }) => type === 'InvalidSpecError' && /tiphys app unpin/.test(message)),
  )
  repository.commit({ 'config.yaml': configMap('config', { version: '3' }) })
  await app.patch({ metadata: { annotations: { [annotation.refresh]: 'normal' } } })
  await app.until('looked at', (_status, { metadata }) => metadata.annotations?.[annotation.refresh] === undefined)
  expect(app.status().operationState?.syncResult?.revision).toBe(second)
  expect(await data(app)).toEqual({ version: '2' })
})
