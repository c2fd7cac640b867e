/** Every sync option has its effect, on the application or on the object. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configMap, deployment, inWave } from './manifests.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const create = 'CreateNamespace=true'

interface Deployed {
  app: App
  repository: Repository
}

/** Synced once by hand. */
async function deployed(files: Record<string, string>, syncOptions: string[] = [], policy = {}): Promise<Deployed> {
  const repository = world.repository(files)
  const app = await world.application(repository, { syncPolicy: { syncOptions: [create, ...syncOptions], ...policy } })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })
  return { app, repository }
}

const withOptions = (options: string, manifest: string) =>
  manifest.replace('metadata:\n', `metadata:\n  annotations: {argocd.argoproj.io/sync-options: "${options}"}\n`)
const uid = async (app: App, name: string, kind = 'ConfigMap') => (await app.live(kind, name))?.metadata.uid

async function commitAndSync({ app, repository }: Deployed, files: Record<string, string | null>, sync = {}) {
  const revision = repository.commit(files)
  await app.until('seen', (status) => status.sync?.revision === revision)
  return app.sync({ prune: true, ...sync })
}

describe('pruning', () => {
  test.each([
    ['Prune=false of the application', ['Prune=false'], '', false],
    ['Prune=false of the object', [], 'Prune=false', false],
    ['Prune=true of the object before Prune=false of the application', ['Prune=false'], 'Prune=true', true],
    ['PruneLast=true', ['PruneLast=true'], '', true],
    ['PrunePropagationPolicy=background', ['PrunePropagationPolicy=background'], '', true],
  ])('with %s', async (_, options, own, goes) => {
    const old = own ? withOptions(own, configMap('old')) : configMap('old')
    const found = await deployed({ 'a.yaml': configMap('a'), 'old.yaml': old }, options)
    const { phase, syncResult } = await commitAndSync(found, { 'old.yaml': null })
    expect(phase).toBe('Succeeded')
    const result = syncResult?.resources?.find(({ name }) => name === 'old')
    expect(result?.status).toBe(goes ? 'Pruned' : 'PruneSkipped')
    // What is deleted in the foreground is gone once nothing is left that belongs to it.
    if (goes) await expect.poll(() => found.app.live('ConfigMap', 'old')).toBeUndefined()
    else expect(await found.app.live('ConfigMap', 'old')).toBeDefined()
  })

  test('with Prune=confirm only what somebody has confirmed', async () => {
    const files = { 'a.yaml': configMap('a'), 'old.yaml': withOptions('Prune=confirm', configMap('old')) }
    const found = await deployed(files)
    await commitAndSync(found, { 'old.yaml': null })
    expect(await found.app.live('ConfigMap', 'old')).toBeDefined()
    const approved = { 'argocd.argoproj.io/deletion-approved': new Date().toISOString() }
    await found.app.patch({ metadata: { annotations: approved } })
    expect(await found.app.sync({ prune: true })).toMatchObject({ phase: 'Succeeded' })
    expect(await found.app.live('ConfigMap', 'old')).toBeUndefined()
  })

  test('PruneLast=true comes after the last wave, and without it the waves go backwards', async () => {
    const old = inWave(0, configMap('old'))
    const last = await deployed({ 'a.yaml': configMap('a'), 'b.yaml': inWave(5, configMap('b')), 'old.yaml': old }, [
      'PruneLast=true',
    ])
    const { syncResult } = await commitAndSync(last, { 'old.yaml': null })
    expect(syncResult?.resources?.map(({ name }) => name)).toEqual(['a', 'b', 'old'])
  })
})

describe('applying', () => {
  test('Replace=true replaces, so that what others added goes', async () => {
    const found = await deployed({ 'a.yaml': configMap('a', { a: '1' }) }, ['Replace=true'])
    const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: found.app.namespace, name: 'a' }
    await world.client.patch(target, { data: { b: '2' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
    expect(await found.app.sync()).toMatchObject({ phase: 'Succeeded' })
    expect(await found.app.live('ConfigMap', 'a')).toMatchObject({ data: { a: '1' } })
    expect((await found.app.live('ConfigMap', 'a'))?.data).not.toHaveProperty('b')
  })

  test('Force=true makes anew what cannot be changed, and without it the server refuses', async () => {
    const relabelled = deployment('web').replaceAll('{app: web}', '{app: other}')
    const found = await deployed({ 'web.yaml': deployment('web') })
    const before = await uid(found.app, 'web', 'Deployment')
    const refused = await commitAndSync(found, { 'web.yaml': relabelled })
    expect(refused.message).toContain('immutable')
    expect(await uid(found.app, 'web', 'Deployment')).toBe(before)
    const forced = await commitAndSync(found, { 'web.yaml': withOptions('Force=true', relabelled) })
    expect(forced).toMatchObject({ phase: 'Succeeded' })
    expect(await uid(found.app, 'web', 'Deployment')).not.toBe(before)
  })

  test('ApplyOutOfSyncOnly=true leaves out what is in sync', async () => {
    const found = await deployed({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') }, ['ApplyOutOfSyncOnly=true'])
    const { syncResult } = await commitAndSync(found, { 'b.yaml': configMap('b', { key: 'new' }) })
    expect(syncResult?.resources?.map(({ name }) => name)).toEqual(['b'])
  })

  test.each([
    ['of the application', ['SkipDryRunOnMissingResource=true'], ''],
    ['of the object', [], 'SkipDryRunOnMissingResource=true'],
  ])('SkipDryRunOnMissingResource=true %s lets everything else begin', async (_, options, own) => {
    const unknown = 'apiVersion: none.example.com/v1\nkind: Nothing\nmetadata:\n  name: unknown\n'
    const files = { 'a.yaml': inWave(-1, configMap('a')), 'n.yaml': own ? withOptions(own, unknown) : unknown }
    const app = await world.application(world.repository(files), { syncPolicy: { syncOptions: [create, ...options] } })
    await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
    expect(await app.sync()).toMatchObject({ phase: 'Failed' })
    expect(await app.live('ConfigMap', 'a')).toBeDefined()
  })

  test('ClientSideApplyMigration takes over what another manager than kubectl applied, if it is named', async () => {
    const found = await deployed({ 'a.yaml': configMap('a') })
    const { app } = found
    const made = (manager: string) =>
      world.client.create(
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'b', namespace: app.namespace },
          data: { key: 'value', old: 'x' },
        },
        { fieldManager: manager },
      )
    await made('deployer')
    const annotations = { 'argocd.argoproj.io/client-side-apply-migration-manager': 'deployer' }
    await app.patch({ metadata: { annotations } })
    expect(await commitAndSync(found, { 'b.yaml': configMap('b') })).toMatchObject({ phase: 'Succeeded' })
    expect((await app.live('ConfigMap', 'b'))?.data).toEqual({ key: 'value' })
  })
})

describe('namespaces and neighbours', () => {
  test('CreateNamespace=true with managedNamespaceMetadata', async () => {
    const managedNamespaceMetadata = { labels: { team: 'a' }, annotations: { note: 'x' } }
    const { app } = await deployed({ 'a.yaml': configMap('a') }, [], { managedNamespaceMetadata })
    const target = { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: app.namespace }
    const { metadata } = (await world.client.get(target)) ?? {}
    expect(metadata?.labels).toMatchObject({ team: 'a' })
    expect(metadata?.annotations).toMatchObject({ note: 'x' })
  })

  test('FailOnSharedResource=true fails, and without it the object is left to the other application', async () => {
    const { app: first } = await deployed({ 'a.yaml': configMap('a') })
    const files = { 'a.yaml': configMap('a', { key: 'mine' }), 'b.yaml': configMap('b') }
    const destination = { name: 'in-cluster', namespace: first.namespace }
    const second = await world.application(world.repository(files), {
      destination,
      syncPolicy: { syncOptions: ['FailOnSharedResource=true'] },
    })
    await second.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
    const refused = await second.sync()
    expect(refused).toMatchObject({ phase: 'Failed' })
    expect(refused.message).toContain('Shared resource found')
    expect(await second.live('ConfigMap', 'b')).toBeUndefined()
    expect(await second.sync({ syncOptions: [] })).toMatchObject({ phase: 'Succeeded' })
    expect(await second.live('ConfigMap', 'a')).toMatchObject({ data: { key: 'value' } })
  })
})

test('chosen resources alone are synced, and a dry run stores nothing', async () => {
  const found = await deployed({ 'a.yaml': configMap('a'), 'b.yaml': configMap('b') })
  const files = { 'a.yaml': configMap('a', { key: 'new' }), 'b.yaml': configMap('b', { key: 'new' }) }
  expect(await commitAndSync(found, files, { dryRun: true })).toMatchObject({ phase: 'Succeeded' })
  expect(await found.app.live('ConfigMap', 'a')).toMatchObject({ data: { key: 'value' } })
  const chosen = await found.app.sync({ resources: [{ kind: 'ConfigMap', name: 'a' }] })
  expect(chosen.syncResult?.resources?.map(({ name }) => name)).toEqual(['a'])
  expect(await found.app.live('ConfigMap', 'b')).toMatchObject({ data: { key: 'value' } })
})
