/** Three replicas share thirty applications: one is killed, one freezes past its Lease and wakes, and nothing is synced by two. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, annotation } from '../../src/model/index.ts'
import { localRepository } from './local-repository.ts'
import { configMap, inWave } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { controlNamespace, openStage, Replica, type Stage, shops } from './replicas.ts'

const names = shops(30)

let stage: Stage
let replicas: Replica[] = []

beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  for (const replica of replicas) {
    replica.signal('SIGCONT')
    await replica.end('SIGKILL')
  }
  await stage.stop()
})

/** Three waves and a hook for each application. */
function files(round: number): Record<string, string> {
  const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: before
  labels: {round: "${round}"}
  annotations: {${annotation.hook}: PreSync}
spec:
  backoffLimit: 0
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: "registry.example.com/hook:1.0"}]}
`
  const version = { version: String(round) }
  const manifests = [-1, 0, 1].map((wave) => inWave(wave, configMap(`config${wave + 1}`, version)))
  return Object.fromEntries(names.map((name) => [`${name}/all.yaml`, `${job}---\n${manifests.join('')}`]))
}

async function create(name: string, repoURL: string): Promise<void> {
  await stage.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: controlNamespace },
    spec: {
      project: 'default',
      source: { repoURL, path: name, targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  })
}

const until = untilWithin(60_000)

const holderOf = ({ metadata }: Application) => metadata.annotations?.[annotation.holder]?.split('/')[0]
const heldBy = (replica: Replica) =>
  stage.applications().filter((application) => holderOf(application) === stage.identityOf(replica.account))
const isRunning = ({ status }: Application) => status?.operationState?.phase === 'Running'
const left = (revision: string) =>
  stage.applications().filter(({ status, operation }) => {
    const { phase, syncResult } = status?.operationState ?? {}
    const done = phase === 'Succeeded' && syncResult?.revision === revision && !operation
    return !done || status?.sync?.status !== 'Synced' || status.sync.revision !== revision
  })
const deployed = (revision: string, limitMs = 90_000) =>
  until(`${revision} is deployed everywhere`, () => left(revision).length === 0, {
    limitMs,
    detail: () =>
      left(revision).map(({ metadata, status }) => [metadata.name, holderOf({ metadata } as Application), status]),
  })

test('thirty applications, a killed and a frozen replica', { timeout: 400_000 }, async () => {
  const repository = localRepository(join(stage.folder, 'repository'), files(1))
  const first = repository.revision()
  replicas = [await Replica.start(stage, 'a'), await Replica.start(stage, 'b'), await Replica.start(stage, 'c')]
  const [a, b, c] = replicas as [Replica, Replica, Replica]
  for (const replica of replicas) await replica.url()
  // One that nobody knows of yet would find that the others have begun everything already.
  const knowAll = () => replicas.every((replica) => replica.peers() === replicas.length)
  await until('each knows all the others', knowAll, { detail: () => replicas.map((replica) => replica.peers()) })
  for (const name of names) await create(name, repository.url)
  await deployed(first)
  for (const replica of replicas) expect(heldBy(replica).length, replica.account).toBeGreaterThan(0)

  const second = repository.commit(files(2))
  await until('both that are going to fail are in the middle of syncs', () =>
    [b, c].every((replica) => heldBy(replica).some(isRunning)),
  )
  b.signal('SIGKILL')
  c.signal('SIGSTOP')
  // What they had done is known everywhere by then.
  await sleep(500)
  const orphans = [...heldBy(b), ...heldBy(c)].filter(isRunning).map(({ metadata }) => metadata.name)
  const identity = stage.identityOf(a.account)
  const notYet = () =>
    orphans.filter((name) => {
      const application = stage.application(name)
      return application === undefined || holderOf(application) !== identity
    })
  const moved = await until('what they had begun is gone on with', () => notYet().length === 0, { detail: notYet })
  expect(moved).toBeLessThan(20_000)
  await deployed(second)

  // It wakes in the middle of what it was about to do, while the others are at work on something else.
  const third = repository.commit(files(3))
  await until('the next syncs are under way', () => heldBy(a).filter(isRunning).length > 3)
  c.signal('SIGCONT')
  await deployed(third)
  await sleep(5_000)
  const fourth = repository.commit(files(4))
  await deployed(fourth)
  expect(heldBy(c).length, 'the one that woke has its share again').toBeGreaterThan(2)

  console.info(`replicas: ${orphans.length} syncs were taken over within ${Math.round(moved)} ms`)
  expect(stage.intrusions).toEqual([])
  for (const name of names)
    for (const round of [1, 2, 3, 4]) expect(stage.jobs.get(`${name} round ${round}`)?.size, `${name} ${round}`).toBe(1)

  // One that is told to stop gives its share up at once.
  const share = heldBy(c).map(({ metadata }) => metadata.name)
  await c.end('SIGTERM')
  const fifth = repository.commit(files(5))
  const waited = await until('its share is with the other', () => left(fifth).length === 0)
  expect(waited).toBeLessThan(20_000)
  expect(share.every((name) => holderOf(stage.application(name) as Application) === identity)).toBe(true)
})
