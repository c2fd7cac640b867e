import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Propagation } from '../../src/cli/application/applications.ts'
import { untilGone } from '../../src/cli/application/delete-commands.ts'
import { applicationsInCluster } from '../../src/cli/application/in-cluster.ts'
import { configMap, slowHook } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const withAnnotation = (name: string, annotation: string) =>
  configMap(name).replace(`name: ${name}`, `name: ${name}\n  annotations: {${annotation}}`)
const withOption = (name: string, option: string) => withAnnotation(name, `argocd.argoproj.io/sync-options: ${option}`)

const applications = () => applicationsInCluster(world.client, world.controlNamespace)

/** Resolves to what was left behind. */
async function deleted(app: App, propagation: Propagation = 'foreground'): Promise<string[]> {
  const before = await applications().get(app.name)
  await applications().delete(before, propagation)
  return untilGone(applications(), [before], 30)
}

async function deployed(files: Record<string, string>): Promise<App> {
  const app = await world.application(world.repository(files))
  await app.settled()
  return app
}

test('what must not be deleted stays, and is told to whoever waits for the end', async () => {
  const app = await deployed({
    'gone.yaml': configMap('gone'),
    'kept.yaml': withOption('kept', 'Delete=false'),
    'helm.yaml': withAnnotation('helm', 'helm.sh/resource-policy: keep'),
  })
  const left = await deleted(app)
  expect(left).toEqual([expect.stringMatching(/deleted without .*kept \(Delete=false\)/)])
  expect(left[0]).toMatch(/helm \(helm.sh\/resource-policy: keep\)/)
  expect(await app.live('ConfigMap', 'gone')).toBeUndefined()
  expect(await app.live('ConfigMap', 'kept')).toBeDefined()
  expect(await app.live('ConfigMap', 'helm')).toBeDefined()
})

test('without cascade everything stays', async () => {
  const app = await deployed({ 'a.yaml': configMap('a') })
  await deleted(app, 'orphan')
  expect(await app.live('ConfigMap', 'a')).toBeDefined()
})

test('waves go one after the other, the highest first', async () => {
  const wave = (name: string, number: number) => withAnnotation(name, `argocd.argoproj.io/sync-wave: "${number}"`)
  const app = await deployed({ 'a.yaml': wave('first', 0), 'b.yaml': wave('second', 1), 'c.yaml': wave('third', 2) })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'second' }
  const hold = (finalizers: string[]) => world.client.patch(target, { metadata: { finalizers } }, { type: 'merge' })
  await hold(['example.com/hold'])
  const ended = deleted(app)
  await expect.poll(async () => (await app.live('ConfigMap', 'second'))?.metadata.deletionTimestamp).toBeDefined()
  expect(await app.live('ConfigMap', 'third')).toBeUndefined()
  expect((await app.live('ConfigMap', 'first'))?.metadata.deletionTimestamp).toBeUndefined()
  await hold([])
  await ended
  expect(await app.live('ConfigMap', 'first')).toBeUndefined()
})

test('nothing is deleted before the deletion of what asks for it is confirmed', async () => {
  const app = await deployed({ 'a.yaml': configMap('a'), 'b.yaml': withOption('b', 'Delete=confirm') })
  const ended = deleted(app)
  await app.until('told', ({ conditions }) =>
    Boolean(
      conditions?.some(
        ({ type, message }) => type === 'DeletionError' && /b is confirmed.*confirm-deletion/.test(message),
      ),
    ),
  )
  expect((await app.live('ConfigMap', 'a'))?.metadata.deletionTimestamp).toBeUndefined()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await applications().confirmDeletion(app.name)
  await ended
  expect(await app.live('ConfigMap', 'b')).toBeUndefined()
})

test('pruning that asks for confirmation waits for it, blocks nothing, and is done once it is given', async () => {
  const repository = world.repository({ 'a.yaml': configMap('a'), 'b.yaml': withOption('b', 'Prune=confirm') })
  const app = await world.application(repository)
  await app.settled()
  const revision = repository.commit({ 'a.yaml': configMap('a', { version: '2' }), 'b.yaml': null })
  await app.until('all but the pruning is done', ({ resources, operationState, sync }) => {
    const waits = resources?.some(
      ({ name, requiresDeletionConfirmation }) => name === 'b' && requiresDeletionConfirmation,
    )
    return Boolean(waits) && operationState?.phase === 'Succeeded' && sync?.revision === revision
  })
  expect((await app.live('ConfigMap', 'a'))?.data).toEqual({ version: '2' })
  const { startedAt } = app.status().operationState ?? {}
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(app.status().operationState?.startedAt).toBe(startedAt)
  expect(await app.live('ConfigMap', 'b')).toBeDefined()
  await applications().confirmDeletion(app.name)
  await app.settled(revision)
  expect(await app.live('ConfigMap', 'b')).toBeUndefined()
})

test('an application whose cluster is gone goes, and tells what it has left there', async () => {
  const app = await deployed({ 'a.yaml': configMap('a') })
  await app.patch({ spec: { destination: { name: 'lost' } } })
  await app.until('the cluster is not known', ({ conditions }) =>
    Boolean(conditions?.some(({ message }) => /lost/.test(message))),
  )
  const left = await deleted(app)
  expect(left).toEqual([
    expect.stringMatching(/everything on the cluster lost, which is not known any more: ConfigMap .*\/a/),
  ])
  expect(await app.live('ConfigMap', 'a')).toBeDefined()
})

test('a deletion that cannot go on says why, and can be let go', async () => {
  const app = await deployed({ 'a.yaml': configMap('a') })
  await app.patch({ spec: { project: 'vanished' } })
  await app.until('told', ({ conditions }) => Boolean(conditions?.some(({ message }) => /vanished/.test(message))))
  const ended = deleted(app)
  await app.until('told', ({ conditions }) =>
    Boolean(
      conditions?.some(
        ({ type, message }) => type === 'DeletionError' && /vanished does not exist.*--no-cascade/.test(message),
      ),
    ),
  )
  await deleted(app, 'orphan')
  await ended
  expect(await app.live('ConfigMap', 'a')).toBeDefined()
})

test('a hook that is still running does not hold up the deletion', async () => {
  const app = await world.application(
    world.repository({ 'hook.yaml': slowHook('before', 600), 'a.yaml': configMap('a') }),
  )
  await app.until('the hook runs', ({ operationState }) =>
    Boolean(operationState?.syncResult?.resources?.some(({ hookPhase }) => hookPhase === 'Running')),
  )
  await deleted(app)
  expect(await app.live('Job', 'before')).toBeUndefined()
})
