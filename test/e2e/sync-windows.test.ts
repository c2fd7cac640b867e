import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationStatus, AppProjectSpec, SyncWindow } from '../../src/model/index.ts'
import { configMap, slowHook } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

/** The time of day that Tiphys goes by: it runs on from wherever a test has put it. */
const clock = {
  ahead: 0,
  now: () => Date.now() + clock.ahead,
  set(time: string) {
    clock.ahead = Date.parse(time) - Date.now()
  },
}

let world: World
beforeAll(async () => {
  world = await startWorld({}, { clock })
})
afterAll(() => world.stop())

let count = 0
async function project(...syncWindows: SyncWindow[]) {
  const name = world.unique(`windows-${count++}`)
  const spec: AppProjectSpec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    syncWindows,
  }
  const metadata = { name, namespace: world.controlNamespace }
  await world.client.create({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec })
  return {
    name,
    change: (windows: SyncWindow[]) =>
      world.client.patch(
        { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', ...metadata },
        { spec: { syncWindows: windows } },
        { type: 'merge', fieldManager: 'e2e' },
      ),
  }
}

const night: SyncWindow = { kind: 'deny', schedule: '0 22 * * *', duration: '8h', applications: ['*'] }
const isHeld = ({ conditions }: ApplicationStatus) =>
  Boolean(
    conditions?.some(({ type, message }) => type === 'SyncWindowWarning' && /the deny window "0 22/.test(message)),
  )

function application(name: string, spec: object = {}): Promise<App> {
  return world.application(world.repository({ 'config.yaml': configMap('config') }), { project: name, ...spec })
}

test('an automated sync waits while a deny window is open, says which, and starts by itself when that ends', async () => {
  clock.set('2026-11-24T05:59:54Z')
  const app = await application((await project(night)).name)
  await app.until('held', isHeld)
  expect(app.status().conditions?.[0]?.message).toBe(
    'automated sync waits: the deny window "0 22 * * *" for 8h is open until 2026-11-24T06:00:00Z',
  )
  expect(app.status()).not.toHaveProperty('operationState')
  await app.settled()
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-24T06:00:00Z'))
  expect(clock.now()).toBeLessThan(Date.parse('2026-11-24T06:00:10Z'))
  expect(app.status().conditions).toBeUndefined()
})

test('an automated sync waits for its allow window to open', async () => {
  clock.set('2026-11-24T07:59:55Z')
  const allow = { ...night, kind: 'allow', schedule: '0 8 * * *', duration: '1h' }
  const app = await application((await project(allow)).name)
  await app.until('held', ({ conditions }) =>
    Boolean(conditions?.some(({ message }) => /is closed until/.test(message))),
  )
  await app.settled()
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-24T08:00:00Z'))
})

test('a manual sync that no window permits ends at once, failed, and blocks nothing that comes after it', async () => {
  clock.set('2026-11-24T23:00:00Z')
  const { name, change } = await project(night)
  const app = await application(name)
  await app.until('held', isHeld)
  const ended = await app.sync()
  expect(ended).toMatchObject({
    phase: 'Failed',
    message:
      'Sync operation blocked by sync window: the deny window "0 22 * * *" for 8h is open until 2026-11-25T06:00:00Z; sync again then, or set manualSync on the window',
  })
  expect(app.current()?.operation).toBeUndefined()
  await change([{ ...night, manualSync: true }])
  expect((await app.sync()).phase).toBe('Succeeded')
  await app.settled()
})

test('removing the window from the project lets the pending sync start at once', async () => {
  clock.set('2026-11-24T23:00:00Z')
  const { name, change } = await project(night)
  const app = await application(name)
  await app.until('held', isHeld)
  await change([])
  await app.settled()
})

async function beginBeforeTheNight(window: SyncWindow): Promise<App> {
  clock.set('2026-11-24T21:59:00Z')
  const repository = world.repository({ 'hook.yaml': slowHook('before', 4), 'config.yaml': configMap('config') })
  const app = await world.application(repository, { project: (await project(window)).name })
  await app.until('the hook runs', ({ operationState }) =>
    Boolean(operationState?.syncResult?.resources?.some(({ hookPhase }) => hookPhase === 'Running')),
  )
  clock.set('2026-11-24T22:00:01Z')
  return app
}

test('a sync that runs into a deny window stops at the next object, and is made up for after it', async () => {
  const app = await beginBeforeTheNight(night)
  await app.until('stopped', ({ operationState }) => operationState?.phase === 'Failed')
  expect(app.status().operationState?.message).toMatch(/blocked by sync window/)
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
  await app.until('held', isHeld)
  clock.set('2026-11-25T06:00:01Z')
  await app.settled()
})

test('with syncOverrun a sync that began before goes on to its end', async () => {
  const app = await beginBeforeTheNight({ ...night, syncOverrun: true })
  await app.settled()
  expect(clock.now()).toBeLessThan(Date.parse('2026-11-24T23:00:00Z'))
  expect(await app.live('ConfigMap', 'config')).toBeDefined()
})
