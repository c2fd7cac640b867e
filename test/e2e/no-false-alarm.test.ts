/** What has been synced is in sync, whatever the API server makes of it: nothing real-world is OutOfSync without cause. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTools } from '../../src/manifest/tools.ts'
import { annotation, type KubeObject } from '../../src/model/index.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

const fixtures = join(import.meta.dirname, 'fixtures/no-false-alarm')
const files = readdirSync(fixtures)
const policy = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

let world: World
const folder = mkdtempSync(join(tmpdir(), 'tiphys-e2e-programs-'))
const applications: App[] = []
beforeAll(async () => {
  // By default nobody looks at EndpointSlices, which controllers make by the thousand.
  world = await startWorld({ 'resource.exclusions': '[]' })
})
afterAll(async () => {
  // On a cluster that stays, what lies outside the namespaces has to be taken away, too.
  await Promise.all(applications.map(removeWithResources))
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The fixtures, with names of cluster-scoped objects that nothing else on the cluster has. */
function objects(name: string): Record<string, string> {
  const own = world.unique(name)
  return Object.fromEntries(
    files.map((file) => [file, readFileSync(join(fixtures, file), 'utf8').replaceAll('UNIQUE', own)]),
  )
}

async function manage(repository: Repository, namespace?: string): Promise<App> {
  const destination = namespace && { destination: { name: 'in-cluster', namespace } }
  const app = await world.application(repository, { ...policy, ...destination })
  applications.push(app)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  return app
}

async function removeWithResources(app: App): Promise<void> {
  await app.patch({ metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] } })
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', name: app.name }
  await world.client.delete({ ...target, namespace: world.controlNamespace })
  const deadline = Date.now() + 30_000
  while (app.current() && Date.now() < deadline) await sleep(50)
}

/** Everything that is not called in sync, with the reason. */
function alarms(app: App): unknown[] {
  const { resources = [] } = world.tiphys().controller.observation(app.name) ?? {}
  return resources.flatMap(({ key, verdict }) => (verdict.kind === 'synced' ? [] : [{ ...key, verdict }]))
}

async function expectSyncSucceeds(app: App): Promise<void> {
  const { phase, message, syncResult } = await app.sync()
  const failed = syncResult?.resources?.filter(({ status }) => status === 'SyncFailed')
  expect({ phase, message, failed }).toMatchObject({ phase: 'Succeeded', failed: [] })
}

async function expectNoAlarm(app: App): Promise<void> {
  expect(alarms(app)).toEqual([])
  expect(app.status().conditions ?? []).toEqual([])
  expect(app.status().sync?.status).toBe('Synced')
  expect(app.status().resources?.length).toBeGreaterThanOrEqual(60)
}

async function hardRefresh(app: App): Promise<void> {
  await app.patch({ metadata: { annotations: { [annotation.refresh]: 'hard' } } })
  await app.until('looked at', (_, { metadata }) => metadata.annotations?.[annotation.refresh] === undefined)
}

type Versions = Record<string, string | undefined>

/** Versions of all objects, once the controllers of the cluster have come to rest. */
async function versionsAtRest(app: App): Promise<Versions> {
  let before: Versions = {}
  for (let attempt = 0; attempt < 20; attempt++) {
    const now = await versions(app)
    if (JSON.stringify(now) === JSON.stringify(before)) return now
    before = now
    await sleep(1000)
  }
  throw new Error('the objects do not come to rest')
}

async function versions(app: App): Promise<Versions> {
  const found = (app.status().resources ?? []).map(
    async ({ group = '', version = '', kind = '', namespace = '', name = '' }) => {
      const live = await world.client.get({ group, version, kind, namespace, name })
      return [`${group}/${kind}/${name}`, live?.metadata.resourceVersion] as const
    },
  )
  return Object.fromEntries(await Promise.all(found))
}

async function expectSecondSyncWritesNothing(app: App): Promise<void> {
  const before = await versionsAtRest(app)
  await expectSyncSucceeds(app)
  expect(await versions(app)).toEqual(before)
}

test('after the first sync nothing is OutOfSync, nor after a hard refresh, a restart and a second sync, which writes nothing', async () => {
  const app = await manage(world.repository(objects('new')))
  await expectSyncSucceeds(app)
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced').catch(() => undefined)
  await expectNoAlarm(app)
  await versionsAtRest(app)
  await expectNoAlarm(app)
  await hardRefresh(app)
  await expectNoAlarm(app)
  await expectSecondSyncWritesNothing(app)
  await expectNoAlarm(app)
  await world.restart()
  await app.until('compared', () => world.tiphys().controller.observation(app.name) !== undefined)
  await expectNoAlarm(app)
  await hardRefresh(app)
  await expectNoAlarm(app)
})

test('objects that kubectl applied are adopted without drift, and what Git drops then is dropped live', async () => {
  const own = objects('adopted')
  const repository = world.repository(own)
  const namespace = world.unique('adopted')
  const kubectl = await kubectlProgram()
  await kubectl('create', 'namespace', namespace)
  const definitions = join(repository.url, 'definitions.yaml')
  await kubectl('apply', '-f', definitions)
  await kubectl('wait', '--for=condition=Established', '-f', definitions)
  await kubectl('apply', '--namespace', namespace, '-f', repository.url)
  const app = await manage(repository, namespace)
  await expectSyncSucceeds(app)
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced').catch(() => undefined)
  await expectNoAlarm(app)
  await expectSecondSyncWritesNothing(app)

  const dropped = {
    'config.yaml': own['config.yaml']?.replace('  mode: "0755"\n', ''),
    'workloads.yaml': own['workloads.yaml']
      ?.replace('            - {name: TRUTH, value: "true"}\n', '')
      .replace(
        '      hostAliases:\n        - ip: 10.1.2.3\n          hostnames: [legacy.example.com, old.example.com]\n',
        '',
      )
      .replace('    example.com/mode: "0644"\n', ''),
    'network.yaml': own['network.yaml']?.replace('    - {name: admin, port: 81, targetPort: 8081}\n', ''),
  }
  for (const [file, text = ''] of Object.entries(dropped)) expect(text.length).toBeLessThan(own[file]?.length ?? 0)
  const revision = repository.commit(dropped as Record<string, string>)
  await app.until('the commit is seen', ({ sync }) => sync?.revision === revision && sync.status === 'OutOfSync')
  expect(alarms(app)).toHaveLength(3)
  await expectSyncSucceeds(app)
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced').catch(() => undefined)
  await expectNoAlarm(app)
  expect((await app.live('ConfigMap', 'settings'))?.data).not.toHaveProperty('mode')
  const deployment = await app.live('Deployment', 'storefront')
  expect(deployment?.metadata.annotations).not.toHaveProperty('example.com/mode')
  expect(JSON.stringify(deployment?.spec)).not.toMatch(/TRUTH|hostAliases/)
  expect(portsOf(await app.live('Service', 'node-port'))).toEqual([80])
})

function portsOf(service: KubeObject | undefined): number[] | undefined {
  return (service?.spec as { ports?: { port: number }[] } | undefined)?.ports?.map(({ port }) => port)
}

async function kubectlProgram(): Promise<(...args: string[]) => Promise<unknown>> {
  const { command } = await findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools'), path: '' }).kustomize()
  const [program = ''] = command
  const run = promisify(execFile)
  return (...args) => run(program, ['--kubeconfig', world.kubeconfig, ...args], { env: { HOME: folder } })
}
