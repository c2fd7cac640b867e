/** The controller is killed at random moments of its syncs, and started again: nothing is lost, doubled or run twice. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inform } from '../../src/kube/informer.ts'
import { type Application, annotation, type KubeObject } from '../../src/model/index.ts'
import { configMap, deployment, inWave } from './manifests.ts'
import { type Repository, startWorld, type World } from './world.ts'

const applications = 10
const rounds = 5
const killsPerRound = 3
/** About as long as a start and the syncs after it take, in milliseconds. */
const usual = 3000
/** The same seed gives the same moments, as far as two runs are alike. */
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32))
const because = `seed ${seed}`
const random = generator(seed)

let world: World
let namespace: string
let folder: string
let controller: ChildProcess | undefined

beforeAll(async () => {
  world = await startWorld()
  folder = mkdtempSync(join(tmpdir(), 'tiphys-crash-'))
  namespace = world.unique('crash')
  const options = { fieldManager: 'e2e' }
  const data = { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s' }
  await world.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options)
  const metadata = { name: 'argocd-cm', namespace }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, options)
})

afterAll(async () => {
  await kill()
  const target = { group: '', version: 'v1', kind: 'Namespace', namespace: '' }
  const names = [namespace, ...Array.from({ length: applications }, (_, number) => `${namespace}-${number}`)]
  if (world.isRealCluster) for (const name of names) await world.client.delete({ ...target, name })
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Mulberry32. */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function start(): void {
  const args = ['bin/tiphys', 'serve', '--kubeconfig', world.kubeconfig, '--namespace', namespace]
  const place = ['--host', '127.0.0.1', '--port', '0', '--allow-local', '--cache-dir', join(folder, 'cache')]
  controller = spawn(process.execPath, [...args, ...place, '--log-level', 'error'], {
    env: { PATH: process.env.PATH, HOME: folder, ARGOCD_SYNC_WAVE_DELAY: '0s' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function kill(): Promise<void> {
  const child = controller
  if (!child) return
  controller = undefined
  if (child.exitCode !== null) throw new Error(`the controller has ended by itself, with ${child.exitCode}`)
  child.kill('SIGKILL')
  if (child.signalCode === null) await once(child, 'exit')
}

/** Follows a kind, and tells what becomes of its objects; resolves to what ends it. */
async function follow(
  kind: string,
  tell: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void,
): Promise<() => Promise<void>> {
  const resource = (await world.client.apiResources()).all.find((known) => known.kind === kind)
  if (!resource) throw new Error(`the cluster does not know ${kind}`)
  const informer = inform({
    client: world.client,
    resource,
    keep: (object) => ({
      uid: object.metadata.uid ?? '',
      resourceVersion: object.metadata.resourceVersion ?? '',
      object,
    }),
    onChange({ previous, current }) {
      const { object } = current ?? previous ?? {}
      if (!object?.metadata.namespace?.startsWith(namespace)) return
      tell(current ? (previous ? 'MODIFIED' : 'ADDED') : 'DELETED', object)
    },
  })
  while (informer.state().status !== 'synced') await sleep(20)
  return () => informer.stop()
}

function hook(name: string, { type, round }: { type: string; round: number }): string {
  const generated = type === 'PostSync'
  return `apiVersion: batch/v1
kind: Job
metadata:
  ${generated ? 'generateName' : 'name'}: ${name}
  labels: {round: "${round}", hook: ${type}}
  annotations:
    ${annotation.hook}: ${type}
    ${generated ? `${annotation.hookDeletePolicy}: HookSucceeded` : `${annotation.syncWave}: "-5"`}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: registry.example.com/hook:1.0}]
---
`
}

/** What the application is in one round; `only-…` goes again in the next. */
function files(round: number): Record<string, string | null> {
  const version = { version: String(round) }
  return {
    'hooks.yaml': hook('before', { type: 'PreSync', round }) + hook('after-', { type: 'PostSync', round }),
    'config.yaml': inWave(-1, configMap('first', version)) + configMap('config', version),
    'web.yaml': deployment('web', { image: `registry.example.com/web:${round}.0` }),
    'last.yaml': inWave(1, configMap('last', version)),
    [`only-${round}.yaml`]: inWave(round % 3, configMap(`only-${round}`)),
    ...(round > 0 && { [`only-${round - 1}.yaml`]: null }),
  }
}

const kept = ['config', 'first', 'last']

interface App {
  name: string
  repository: Repository
}

async function makeApplication(at: number): Promise<App> {
  const name = `${namespace}-${at}`
  const repository = world.repository(files(0) as Record<string, string>)
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace },
    spec: {
      project: 'default',
      source: { repoURL: repository.url, path: '.', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  })
  return { name, repository }
}

async function until(what: string, isSo: () => boolean, detail: () => unknown): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!isSo()) {
    if (Date.now() > deadline)
      throw new Error(`${because}: ${what}: not within a minute: ${JSON.stringify(detail(), null, 1)}`)
    await sleep(10)
  }
}

interface Recording {
  applications: Map<string, Application>
  /** `NAMESPACE round ROUND TYPE` → the Jobs that were ever made for it. */
  hooks: Map<string, Set<string>>
  /** Namespace → the Jobs that are there. */
  jobs: Map<string, Map<string, KubeObject>>
  /** Namespace → what is managed there. */
  managed: Map<string, Set<string>>
  /** Everything managed that was ever deleted. */
  deleted: string[]
  stop(): Promise<unknown>
}

/** The map's value, made if need be. */
function at<Value>(map: Map<string, Value>, key = '', make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

async function record(): Promise<Recording> {
  const states = new Map<string, Application>()
  const hooks: Recording['hooks'] = new Map()
  const jobs: Recording['jobs'] = new Map()
  const managed: Recording['managed'] = new Map()
  const deleted: string[] = []
  const stops = await Promise.all([
    follow('Application', (_type, object) => void states.set(object.metadata.name, object as unknown as Application)),
    follow('Job', (type, job) => {
      const { namespace, name, uid, labels = {} } = job.metadata
      const present = at(jobs, namespace, () => new Map<string, KubeObject>())
      if (type === 'DELETED') present.delete(name)
      else present.set(name, job)
      if (type !== 'ADDED') return
      at(hooks, `${namespace} round ${labels.round} ${labels.hook}`, () => new Set<string>()).add(`${name} ${uid}`)
    }),
    ...['ConfigMap', 'Deployment'].map((kind) =>
      follow(kind, (type, { metadata }) => {
        if (!metadata.annotations?.[annotation.trackingId]) return
        const names = at(managed, metadata.namespace, () => new Set<string>())
        if (type !== 'DELETED') names.add(`${kind} ${metadata.name}`)
        else if (names.delete(`${kind} ${metadata.name}`)) deleted.push(`${kind} ${metadata.name}`)
      }),
    ),
  ])
  return { applications: states, hooks, jobs, managed, deleted, stop: () => Promise.all(stops.map((stop) => stop())) }
}

/** Kills the controller at a random moment, and starts it again; resolves to how many syncs were under way. */
async function crash(running: () => number): Promise<number> {
  await sleep(random() * usual)
  const interrupted = running()
  await kill()
  await sleep(random() * 200)
  start()
  return interrupted
}

test('fifty syncs, killed at random moments, end as if nothing had happened', { timeout: 300_000 }, async () => {
  const recording = await record()
  const apps: App[] = []
  const revisions = new Map<string, string[]>()
  const stateOf = ({ name }: App) => recording.applications.get(name)?.status
  const running = () => apps.filter((app) => stateOf(app)?.operationState?.phase === 'Running').length
  const isDeployed = (app: App) => {
    const status = stateOf(app)
    const { phase, syncResult } = status?.operationState ?? {}
    const done = phase === 'Succeeded' && syncResult?.revision === revisions.get(app.name)?.at(-1)
    return done && status?.sync?.status === 'Synced' && status.health?.status === 'Healthy'
  }
  const left = () => apps.filter((app) => !isDeployed(app))
  const detail = () => left().map(stateOf)
  let interrupted = 0

  try {
    for (let number = 0; number < applications; number++) apps.push(await makeApplication(number))
    for (let round = 0; round < rounds; round++) {
      for (const { name, repository } of apps) {
        const revision = round === 0 ? repository.git('rev-parse', 'HEAD') : repository.commit(files(round))
        at(revisions, name, () => []).push(revision)
      }
      if (!controller) start()
      for (let turn = 0; turn < killsPerRound; turn++) {
        await until('a sync begins', () => running() > 0 || left().length === 0, detail)
        interrupted += await crash(running)
      }
      await until(`round ${round} is deployed`, () => left().length === 0, detail)
      for (const { name } of apps) {
        const expected = [...kept, `only-${round}`].map((name) => `ConfigMap ${name}`)
        expect([...(recording.managed.get(name) ?? [])].sort(), because).toEqual([...expected, 'Deployment web'].sort())
      }
    }
    const remaining = () => [...recording.jobs.values()].flatMap((jobs) => [...jobs.values()])
    const isReleased = ({ metadata }: KubeObject) => metadata.name === 'before' && !metadata.finalizers?.length
    const names = () => remaining().map(({ metadata }) => metadata)
    await until('hooks are released, and deleted by their policy', () => remaining().every(isReleased), names)
    console.info(`crash: ${because}, ${rounds * killsPerRound} kills, ${interrupted} syncs interrupted`)
  } finally {
    await recording.stop()
  }

  const types = ['PostSync', 'PreSync']
  const once = apps.flatMap(({ name }) =>
    Array.from({ length: rounds }, (_, round) => types.map((type) => [`${name} round ${round} ${type}`, 1])).flat(),
  )
  const made = [...recording.hooks].map(([hook, uids]) => [hook, uids.size])
  expect(Object.fromEntries(made), because).toEqual(Object.fromEntries(once))
  expect(
    recording.deleted.filter((name) => !name.startsWith('ConfigMap only-')),
    because,
  ).toEqual([])
  for (const app of apps) {
    const history = stateOf(app)?.history?.map(({ revision }) => revision)
    expect(history, because).toEqual(revisions.get(app.name))
  }
  expect(interrupted, because).toBeGreaterThan(applications)
})
