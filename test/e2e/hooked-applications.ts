/** Applications with hooks and three waves, deployed by a controller of its own process, and a record of what became of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { inform } from '../../src/kube/informer.ts'
import { type Application, annotation, type KubeObject } from '../../src/model/index.ts'
import { configMap, deployment, inWave } from './manifests.ts'
import type { Repository, World } from './world.ts'

/** Where a test works: its control namespace, and the folder that its controllers share. */
export interface Ground {
  world: World
  namespace: string
  folder: string
}

export async function prepareGround({ world, namespace }: Ground): Promise<void> {
  const options = { fieldManager: 'e2e' }
  const data = { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s' }
  await world.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options)
  const metadata = { name: 'argocd-cm', namespace }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, options)
}

export async function clearGround({ world, namespace }: Ground, applications: number): Promise<void> {
  const target = { group: '', version: 'v1', kind: 'Namespace', namespace: '' }
  const names = [namespace, ...Array.from({ length: applications }, (_, number) => `${namespace}-${number}`)]
  if (world.isRealCluster) for (const name of names) await world.client.delete({ ...target, name })
}

/** Mulberry32. */
export function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A controller in a process of its own; `kubeconfig` may lead through something that stands in between. */
export class ControllerProcess {
  readonly #ground: Ground
  readonly #kubeconfig: string
  #child: ChildProcess | undefined

  constructor(ground: Ground, kubeconfig: string) {
    this.#ground = ground
    this.#kubeconfig = kubeconfig
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  start(): void {
    const { namespace, folder } = this.#ground
    const args = ['bin/tiphys', 'serve', '--kubeconfig', this.#kubeconfig, '--namespace', namespace]
    const place = ['--host', '127.0.0.1', '--port', '0', '--allow-local', '--cache-dir', `${folder}/cache`]
    this.#child = spawn(process.execPath, [...args, ...place, '--log-level', 'error'], {
      env: { PATH: process.env.PATH, HOME: folder, ARGOCD_SYNC_WAVE_DELAY: '0s' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }

  /** SIGTERM asks it to end cleanly. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    if (child.exitCode !== null) throw new Error(`the controller has ended by itself, with ${child.exitCode}`)
    child.kill(signal)
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
  }
}

/** Follows a kind, and tells what becomes of its objects; resolves to what ends it. */
async function follow(
  { world, namespace }: Ground,
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
export function files(round: number): Record<string, string | null> {
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

export interface HookedApp {
  name: string
  repository: Repository
}

export async function makeApplication({ world, namespace }: Ground, at: number): Promise<HookedApp> {
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

export interface Recording {
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
export function at<Value>(map: Map<string, Value>, key = '', make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

export async function record(ground: Ground): Promise<Recording> {
  const states = new Map<string, Application>()
  const hooks: Recording['hooks'] = new Map()
  const jobs: Recording['jobs'] = new Map()
  const managed: Recording['managed'] = new Map()
  const deleted: string[] = []
  const stops = await Promise.all([
    follow(
      ground,
      'Application',
      (_type, object) => void states.set(object.metadata.name, object as unknown as Application),
    ),
    follow(ground, 'Job', (type, job) => {
      const { namespace, name, uid, labels = {} } = job.metadata
      const present = at(jobs, namespace, () => new Map<string, KubeObject>())
      if (type === 'DELETED') present.delete(name)
      else present.set(name, job)
      if (type !== 'ADDED') return
      at(hooks, `${namespace} round ${labels.round} ${labels.hook}`, () => new Set<string>()).add(`${name} ${uid}`)
    }),
    ...['ConfigMap', 'Deployment'].map((kind) =>
      follow(ground, kind, (type, { metadata }) => {
        if (!metadata.annotations?.[annotation.trackingId]) return
        const names = at(managed, metadata.namespace, () => new Set<string>())
        if (type !== 'DELETED') names.add(`${kind} ${metadata.name}`)
        else if (names.delete(`${kind} ${metadata.name}`)) deleted.push(`${kind} ${metadata.name}`)
      }),
    ),
  ])
  return { applications: states, hooks, jobs, managed, deleted, stop: () => Promise.all(stops.map((stop) => stop())) }
}

/** What has to be there after a round. */
export function expectManaged(
  recording: Recording,
  apps: HookedApp[],
  { round, because }: { round: number; because: string },
) {
  for (const { name } of apps) {
    const expected = [...kept, `only-${round}`].map((name) => `ConfigMap ${name}`)
    expect([...(recording.managed.get(name) ?? [])].sort(), because).toEqual([...expected, 'Deployment web'].sort())
  }
}

export function isDeployed(recording: Recording, { name }: HookedApp, revision: string | undefined): boolean {
  const { operationState, sync, health } = recording.applications.get(name)?.status ?? {}
  const done = operationState?.phase === 'Succeeded' && operationState.syncResult?.revision === revision
  return done && sync?.status === 'Synced' && health?.status === 'Healthy'
}

/** Hooks that have ended are released, and deleted by their policy. */
export function hooksAreTidy({ jobs }: Recording): boolean {
  const remaining = [...jobs.values()].flatMap((present) => [...present.values()])
  return remaining.every(({ metadata }) => metadata.name === 'before' && !metadata.finalizers?.length)
}

/** Every hook ran once in each round, nothing was pruned that is in Git, and the history has every revision once. */
export function expectOnce(
  recording: Recording,
  apps: HookedApp[],
  { revisions, because }: { revisions: Map<string, string[]>; because: string },
): void {
  const wanted = apps.flatMap(({ name }) =>
    (revisions.get(name) ?? []).flatMap((_, round) =>
      ['PostSync', 'PreSync'].map((type) => [`${name} round ${round} ${type}`, 1]),
    ),
  )
  const made = [...recording.hooks].map(([hook, uids]) => [hook, uids.size])
  expect(Object.fromEntries(made), because).toEqual(Object.fromEntries(wanted))
  expect(
    recording.deleted.filter((name) => !name.startsWith('ConfigMap only-')),
    because,
  ).toEqual([])
  for (const { name } of apps) {
    const history = recording.applications.get(name)?.status?.history?.map(({ revision }) => revision)
    expect(history, because).toEqual(revisions.get(name)?.slice(-10))
  }
}

export async function until(what: string, isSo: () => boolean, detail: () => unknown, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!isSo()) {
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${limitMs} ms: ${JSON.stringify(detail(), null, 1)}`)
    await sleep(10)
  }
}
