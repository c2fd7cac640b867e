/**
 * Syncs with hooks and three waves while the API server restarts, fails, throttles, dawdles and drops watches, and the
 * controller is killed or replaced: each ends as if nothing had happened. CHAOS_RUNS=200 makes it 200 syncs instead of a few;
 * CHAOS_SEED repeats one run's faults, as far as two runs are alike.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FaultProxy, faults, startFaultProxy } from './fault-proxy.ts'
import {
  at,
  ControllerProcess,
  clearGround,
  expectManaged,
  expectOnce,
  files,
  type Ground,
  generator,
  type HookedApp,
  hooksAreTidy,
  isDeployed,
  makeApplication,
  prepareGround,
  record,
  until,
} from './hooked-applications.ts'
import { startWorld } from './world.ts'

const applications = 10
const rounds = Math.ceil(Number(process.env.CHAOS_RUNS ?? 30) / applications)
const eventsPerRound = 3
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32))
const because = `seed ${seed}`
const random = generator(seed)
const events = [...faults, 'kill', 'replacement'] as const

let ground: Ground
let proxy: FaultProxy
let controller: ControllerProcess

beforeAll(async () => {
  const world = await startWorld()
  ground = { world, namespace: world.unique('chaos'), folder: mkdtempSync(join(tmpdir(), 'tiphys-chaos-')) }
  await prepareGround(ground)
  proxy = await startFaultProxy(world.credentials, random)
  controller = new ControllerProcess(ground, kubeconfigFor(proxy))
})

afterAll(async () => {
  await controller.end()
  await proxy.close()
  await clearGround(ground, applications)
  await ground.world.stop()
  rmSync(ground.folder, { recursive: true, force: true })
})

function kubeconfigFor({ url }: FaultProxy): string {
  const file = join(ground.folder, 'kubeconfig')
  const named = { name: 'proxy' }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ ...named, cluster: { server: url } }],
    users: [{ ...named, user: {} }],
    contexts: [{ ...named, context: { cluster: 'proxy', user: 'proxy' } }],
    'current-context': 'proxy',
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** One bad thing at a random moment; resolves to its name when it is over. */
async function strike(): Promise<(typeof events)[number]> {
  const event = events[Math.floor(random() * events.length)] ?? 'kill'
  await sleep(random() * 1500)
  if (event === 'kill' || event === 'replacement') {
    await controller.end(event === 'kill' ? 'SIGKILL' : 'SIGTERM')
    await sleep(random() * 200)
    controller.start()
  } else await proxy.inflict(event, 300 + random() * 3000)
  return event
}

test(`${rounds * applications} syncs on bad days end as if nothing had happened`, {
  timeout: 120_000 + rounds * 60_000,
}, async () => {
  console.info(`chaos: ${because}, ${rounds * applications} syncs`)
  const recording = await record(ground)
  const apps: HookedApp[] = []
  const revisions = new Map<string, string[]>()
  const stateOf = ({ name }: HookedApp) => recording.applications.get(name)?.status
  const running = () => apps.filter((app) => stateOf(app)?.operationState?.phase === 'Running').length
  const left = () => apps.filter((app) => !isDeployed(recording, app, revisions.get(app.name)?.at(-1)))
  const detail = () => left().map(stateOf)
  const happened = new Map<string, number>()
  let disturbed = 0

  try {
    for (let number = 0; number < applications; number++) apps.push(await makeApplication(ground, number))
    controller.start()
    for (let round = 0; round < rounds; round++) {
      for (const { name, repository } of apps) {
        const revision = round === 0 ? repository.git('rev-parse', 'HEAD') : repository.commit(files(round))
        at(revisions, name, () => []).push(revision)
      }
      for (let turn = 0; turn < eventsPerRound; turn++) {
        await until(`${because}: a sync begins`, () => running() > 0 || left().length === 0, detail)
        disturbed += running()
        const event = await strike()
        happened.set(event, (happened.get(event) ?? 0) + 1)
      }
      await until(`${because}: round ${round} is deployed`, () => left().length === 0, detail, 120_000)
      expectManaged(recording, apps, { round, because })
    }
    await until(
      `${because}: hooks are tidied up`,
      () => hooksAreTidy(recording),
      () => [...recording.jobs.values()].flatMap((jobs) => [...jobs.values()]),
    )
    const told = [...happened].map(([event, times]) => `${times} x ${event}`).join(', ')
    console.info(`chaos: ${because}: ${told}; ${disturbed} times a sync was under way, ${proxy.struck} requests struck`)
  } finally {
    await recording.stop()
  }
  expectOnce(recording, apps, { revisions, because })
  expect(proxy.struck + (happened.get('kill') ?? 0), because).toBeGreaterThan(0)
})
