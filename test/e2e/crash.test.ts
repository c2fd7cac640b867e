/** The controller is killed at random moments of its syncs, and started again: nothing is lost, doubled or run twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
const rounds = 5
const killsPerRound = 3
/** About as long as a start and the syncs after it take, in milliseconds. */
const usual = 3000
/** The same seed gives the same moments, as far as two runs are alike. */
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32))
const because = `seed ${seed}`
const random = generator(seed)

let ground: Ground
let controller: ControllerProcess

beforeAll(async () => {
  const world = await startWorld()
  ground = { world, namespace: world.unique('crash'), folder: mkdtempSync(join(tmpdir(), 'tiphys-crash-')) }
  await prepareGround(ground)
  controller = new ControllerProcess(ground, world.kubeconfig)
})

afterAll(async () => {
  await controller.end()
  await clearGround(ground, applications)
  await ground.world.stop()
  rmSync(ground.folder, { recursive: true, force: true })
})

/** Where syncs are over sooner, moments are chosen sooner: a kill in between shows nothing. */
let span = usual

/** Kills the controller at a random moment, and starts it again; resolves to how many syncs were under way. */
async function crash(running: () => number): Promise<number> {
  await sleep(random() * span)
  const interrupted = running()
  span = interrupted === 0 ? Math.max(span / 2, usual / 20) : Math.min(span * 1.5, usual)
  await controller.end()
  await sleep(random() * 200)
  controller.start()
  return interrupted
}

test('fifty syncs, killed at random moments, end as if nothing had happened', { timeout: 300_000 }, async () => {
  const recording = await record(ground)
  const apps: HookedApp[] = []
  const revisions = new Map<string, string[]>()
  const stateOf = ({ name }: HookedApp) => recording.applications.get(name)?.status
  const running = () => apps.filter((app) => stateOf(app)?.operationState?.phase === 'Running').length
  const left = () => apps.filter((app) => !isDeployed(recording, app, revisions.get(app.name)?.at(-1)))
  const detail = () => left().map(stateOf)
  let interrupted = 0

  try {
    for (let number = 0; number < applications; number++) apps.push(await makeApplication(ground, number))
    for (let round = 0; round < rounds; round++) {
      for (const { name, repository } of apps) {
        const revision = round === 0 ? repository.git('rev-parse', 'HEAD') : repository.commit(files(round))
        at(revisions, name, () => []).push(revision)
      }
      if (!controller.isRunning) controller.start()
      for (let turn = 0; turn < killsPerRound; turn++) {
        await until(`${because}: a sync begins`, () => running() > 0 || left().length === 0, detail)
        interrupted += await crash(running)
      }
      await until(`${because}: round ${round} is deployed`, () => left().length === 0, detail)
      expectManaged(recording, apps, { round, because })
    }
    await until(
      `${because}: hooks are tidied up`,
      () => hooksAreTidy(recording),
      () => [...recording.jobs.values()],
    )
    console.info(`crash: ${because}, ${rounds * killsPerRound} kills, ${interrupted} syncs interrupted`)
  } finally {
    await recording.stop()
  }
  expectOnce(recording, apps, { revisions, because })
  expect(interrupted, because).toBeGreaterThan(applications)
})
