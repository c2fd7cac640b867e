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
import { configMap, deployment } from './manifests.ts'
import { type Repository, startWorld, type World } from './world.ts'

const applications = 10
const rounds = 5
/** About as long as a start and the syncs after it take, in milliseconds. */
const usual = 3000
/** The same seed gives the same moments, as far as two runs are alike. */
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32))
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

function inWave(wave: number, manifest: string): string {
  return manifest.replace('metadata:\n', `metadata:\n  annotations: {${annotation.syncWave}: "${wave}"}\n`)
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
      throw new Error(`seed ${seed}: ${what}: not within a minute: ${JSON.stringify(detail(), null, 1)}`)
    await sleep(10)
  }
}

test('fifty syncs, killed at random moments, end as if nothing had happened', { timeout: 300_000 }, async () => {
  const states = new Map<string, Application>()
  const hooks = new Map<string, Set<string>>()
  const deleted: string[] = []
  const live = new Map<string, Set<string>>()
  const followers = [
    await follow(
      'Application',
      (_type, object) => void states.set(object.metadata.name, object as unknown as Application),
    ),
    await follow('Job', (type, { metadata }) => {
      if (type !== 'ADDED') return
      const name = `${metadata.namespace} round ${metadata.labels?.round} ${metadata.labels?.hook}`
      hooks.set(name, (hooks.get(name) ?? new Set()).add(`${metadata.name} ${metadata.uid}`))
    }),
    ...(await Promise.all(
      ['ConfigMap', 'Deployment'].map((kind) =>
        follow(kind, (type, { metadata }) => {
          if (!metadata.annotations?.[annotation.trackingId]) return
          const names = live.get(metadata.namespace ?? '') ?? new Set()
          live.set(metadata.namespace ?? '', names)
          if (type === 'DELETED') {
            names.delete(`${kind} ${metadata.name}`)
            deleted.push(`${kind} ${metadata.name}`)
          } else names.add(`${kind} ${metadata.name}`)
        }),
      ),
    )),
  ]
  const apps: App[] = []
  const isAt = (app: App, revision: string) => {
    const { operation, status } = states.get(app.name) ?? {}
    const done = !operation && status?.operationState?.phase === 'Succeeded'
    const deployed = status?.operationState?.syncResult?.revision === revision
    return done && deployed && status?.sync?.status === 'Synced' && status.health?.status === 'Healthy'
  }
  const running = () => apps.filter(({ name }) => states.get(name)?.status?.operationState?.phase === 'Running').length
  let interrupted = 0
  let kills = 0

  try {
    for (let at = 0; at < applications; at++) apps.push(await makeApplication(at))
    for (let round = 0; round < rounds; round++) {
      const revisions = apps.map(({ repository }) =>
        round === 0 ? repository.git('rev-parse', 'HEAD') : repository.commit(files(round)),
      )
      const left = () => apps.filter((app, at) => !isAt(app, revisions[at] ?? ''))
      if (!controller) start()
      for (let turn = 0; turn < 3; turn++) {
        await until(
          'a sync begins',
          () => running() > 0 || left().length === 0,
          () => left().map(({ name }) => states.get(name)?.status),
        )
        await sleep(random() * usual)
        interrupted += running()
        kills++
        await kill()
        await sleep(random() * 200)
        start()
      }
      await until(
        `round ${round} is deployed`,
        () => left().length === 0,
        () => left().map(({ name }) => states.get(name)?.status),
      )
      for (const { name } of apps) {
        const expected = [...kept, `only-${round}`].map((name) => `ConfigMap ${name}`)
        expect([...(live.get(name) ?? [])].sort(), `seed ${seed}`).toEqual([...expected, 'Deployment web'].sort())
      }
    }
    console.info(`crash: seed ${seed}, ${kills} kills, ${interrupted} syncs interrupted`)
  } finally {
    await Promise.all(followers.map((stop) => stop()))
  }
  const expected = apps.flatMap(({ name }) =>
    Array.from({ length: rounds }, (_, round) => [
      `${name} round ${round} PostSync`,
      `${name} round ${round} PreSync`,
    ]).flat(),
  )
  expect([...hooks.keys()].sort(), `seed ${seed}`).toEqual(expected.sort())
  expect(
    [...hooks].filter(([, uids]) => uids.size !== 1).map(([name, uids]) => [name, [...uids]]),
    `seed ${seed}`,
  ).toEqual([])
  expect(
    deleted.filter((name) => !name.startsWith('ConfigMap only-')),
    `seed ${seed}`,
  ).toEqual([])
  expect(interrupted, `seed ${seed}`).toBeGreaterThan(applications)
})
