/** A sync that is killed at any of its requests and begun again ends as if nothing had happened. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessHealth } from '../health/index.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { annotation, type KubeObject, type ResourceResult, track } from '../model/index.ts'
import { targetOf } from './apply.ts'
import { openTestCluster, type TestCluster } from './fixtures/test-cluster.ts'
import { planSync } from './plan.ts'
import { runSync, type SyncOutcome } from './run.ts'

let cluster: TestCluster
let client: KubeClient

beforeAll(async () => {
  cluster = await openTestCluster()
  client = cluster.client
})
afterAll(() => cluster.close())

function settings(namespace: string, name: string, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, annotations }, data: { a: '1' } }
}

function job(namespace: string, name: string, annotations: Record<string, string>): KubeObject {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace, annotations }, spec: { template } }
}

function manifests(namespace: string): KubeObject[] {
  const policy = annotation.hookDeletePolicy
  return [
    job(namespace, 'before', { [annotation.hook]: 'PreSync' }),
    job(namespace, 'migrate', { [annotation.hook]: 'PreSync', [policy]: 'HookSucceeded', [annotation.syncWave]: '1' }),
    settings(namespace, 'a'),
    settings(namespace, 'b', { [annotation.syncWave]: '1' }),
    job(namespace, 'after', { [annotation.hook]: 'PostSync', [policy]: 'BeforeHookCreation,HookSucceeded' }),
  ]
}

class Killed extends Error {}

/** Ends the process at the nth request: before it is sent, or when it has been carried out and not been answered. */
function killedAt(request: number, answered: boolean, kill: AbortController) {
  let sent = 0
  const interrupt =
    <Arguments extends unknown[], Answer>(send: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      if (kill.signal.aborted) throw kill.signal.reason
      sent++
      if (sent === request && !answered) kill.abort(new Killed())
      if (kill.signal.aborted) throw kill.signal.reason
      const answer = await send(...given)
      if (sent >= request) kill.abort(new Killed())
      if (kill.signal.aborted) throw kill.signal.reason
      return answer
    }
  const { get, apply, patch, delete: remove, create, replace } = client
  const through: KubeClient = {
    ...client,
    get: interrupt(get),
    apply: interrupt(apply),
    patch: interrupt(patch),
    delete: interrupt(remove),
    create: interrupt(create),
    replace: interrupt(replace),
  }
  return { through, wasKilled: () => kill.signal.aborted }
}

/** Jobs end and deleted ones go; every hook that was ever seen is noted. */
async function play(namespace: string, made: Map<string, Set<string>>): Promise<void> {
  const resource = (await client.apiResources()).find('batch', 'Job')
  if (!resource) return
  for await (const item of client.list(resource, { namespace })) {
    const target = targetOf({ ...item, apiVersion: 'batch/v1', kind: 'Job' })
    made.set(target.name, (made.get(target.name) ?? new Set()).add(item.metadata.uid ?? ''))
    if (item.metadata.finalizers?.includes('foregroundDeletion')) {
      const finalizers = item.metadata.finalizers.filter((name) => name !== 'foregroundDeletion')
      await client.patch(target, { metadata: { finalizers } }, { type: 'merge' })
    } else {
      const status = { conditions: [{ type: 'Complete', status: 'True' }] }
      await client.patch(target, { status }, { type: 'merge', subresource: 'status' })
    }
  }
}

interface Attempt {
  namespace: string
  through: KubeClient
  signal: AbortSignal
  kept: ResourceResult[]
  made: Map<string, Set<string>>
  old: KubeObject
}

async function attempt({ namespace, through, signal, kept, made, old }: Attempt): Promise<SyncOutcome> {
  const plan = planSync({
    instanceName: 'shop',
    manifests: manifests(namespace).map((object) => ({ object })),
    live: [old],
    operation: { prune: true },
    revision: '0123456789',
    startedAt: '2026-01-02T03:04:05Z',
  })
  return runSync({
    plan,
    client: through,
    live: { read: (target, signal) => through.get(target, signal), changed: () => play(namespace, made) },
    previous: structuredClone(kept),
    health: assessHealth,
    onProgress: (results) => void kept.splice(0, kept.length, ...structuredClone(results)),
    operationId: '2026-01-02T03:04:05Z',
    waveDelayMs: 0,
    signal,
  })
}

async function syncKilledAt(request: number, answered: boolean) {
  const namespace = `resume-${request}-${answered ? 'after' : 'before'}`
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const old = await client.apply(track(settings(namespace, 'old'), 'shop'))
  const made = new Map<string, Set<string>>()
  const kept: ResourceResult[] = []
  const kill = new AbortController()
  const { through, wasKilled } = killedAt(request, answered, kill)
  const shared = { namespace, kept, made, old }
  const first = await attempt({ ...shared, through, signal: kill.signal }).catch((error) => {
    expect(error).toBeInstanceOf(Killed)
    return undefined
  })
  const outcome = first ?? (await attempt({ ...shared, through: client, signal: new AbortController().signal }))
  await play(namespace, new Map())
  return { outcome, made, namespace, ended: !wasKilled() }
}

test('whichever request it is killed at, no hook runs twice and nothing is left undone', {
  timeout: 60_000,
}, async () => {
  let kills = 0
  for (let request = 1; ; request++) {
    // Before and after in turn: both at every request would say little more.
    const { outcome, made, namespace, ended } = await syncKilledAt(request, request % 2 === 0)
    expect(outcome).toMatchObject({ phase: 'Succeeded' })
    expect(outcome.results.map(({ name, status, hookPhase }) => [name, status, hookPhase])).toEqual([
      ['before', 'Synced', 'Succeeded'],
      ['migrate', 'Synced', 'Succeeded'],
      ['old', 'Pruned', undefined],
      ['a', 'Synced', 'Succeeded'],
      ['b', 'Synced', 'Succeeded'],
      ['after', 'Synced', 'Succeeded'],
    ])
    expect([...made].map(([name, uids]) => [name, uids.size])).toEqual([
      ['before', 1],
      ['migrate', 1],
      ['after', 1],
    ])
    expect(await client.get(targetOf(settings(namespace, 'old')))).toBeUndefined()
    expect(await client.get(targetOf(job(namespace, 'migrate', {})))).toBeUndefined()
    expect((await client.get(targetOf(job(namespace, 'before', {}))))?.metadata.finalizers).toBeUndefined()
    if (ended) break
    kills++
  }
  expect(kills).toBeGreaterThan(25)
})
