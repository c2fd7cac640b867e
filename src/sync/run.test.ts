/** Plans carried out on the sandbox, whose Jobs and Deployments are moved on by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { type KubeObject, track } from '../model/index.ts'
import { targetOf } from './apply.ts'
import { failJob, hook, openTestCluster, outline, succeed, type TestCluster, wave } from './fixtures/test-cluster.ts'

let client: KubeClient
let newNamespace: TestCluster['newNamespace']
let missingNamespace: TestCluster['missingNamespace']
let configMap: TestCluster['configMap']
let job: TestCluster['job']
let deployment: TestCluster['deployment']
let live: TestCluster['live']
let play: TestCluster['play']
let run: TestCluster['run']
let close: TestCluster['close']
let namespace = ''

beforeAll(async () => {
  const cluster = await openTestCluster()
  ;({ client, missingNamespace, configMap, job, deployment, live, play, run, close } = cluster)
  newNamespace = async () => {
    namespace = await cluster.newNamespace()
    return namespace
  }
})
afterAll(() => close())

const prefix = 'argocd.argoproj.io'

async function isGone(object: KubeObject): Promise<boolean> {
  await play(() => undefined)
  return (await live(object)) === undefined
}

describe('a plain sync', () => {
  test('applies everything and says how', async () => {
    await newNamespace()
    const objects = [configMap('a'), deployment('web')]
    const { phase, message, results } = await run({ objects })
    expect([phase, message]).toEqual(['Succeeded', 'successfully synced (all tasks run)'])
    expect(outline(results)).toEqual(['ConfigMap a Synced Succeeded', 'Deployment web Synced Succeeded'])
    expect(results[1]?.message).toBe('deployment.apps/web serverside-applied')
    const stored = await live(configMap('a'))
    expect(stored?.metadata.annotations?.[`${prefix}/tracking-id`]).toBe(`shop:/ConfigMap:${namespace}/a`)
  })

  test('what is in sync is written only where the server says that applying would change something', async () => {
    await newNamespace()
    const objects = [configMap('same'), configMap('moved'), configMap('unowned', {}, { a: '1', b: '2' })]
    await run({ objects: [configMap('same'), configMap('moved'), configMap('unowned')] })
    // Not seen yet by whoever says that all is in sync.
    const byHand = { type: 'merge' as const, fieldManager: 'kubectl-edit' }
    await client.patch(targetOf(configMap('moved')), { data: { a: 'by hand' } }, byHand)
    // The same content, but Git's part of it is not ours yet.
    await client.patch(targetOf(configMap('unowned')), { data: { b: '2' } }, byHand)
    const writes: string[] = []
    const watched: KubeClient = {
      ...client,
      apply(object, options) {
        if (!options?.dryRun) writes.push(object.metadata.name)
        return client.apply(object, options)
      },
    }
    const { results } = await run({ objects, isOutOfSync: () => false, through: watched })
    expect(writes.sort()).toEqual(['moved', 'unowned'])
    expect(results.find(({ name }) => name === 'same')?.message).toBe('configmap/same unchanged')
    expect((await live(configMap('moved')))?.data).toEqual({ a: '1' })
  })

  test('does not wait for health', async () => {
    await newNamespace()
    const { phase } = await run({ objects: [deployment('web')], player: () => expect.fail('it waited') })
    expect(phase).toBe('Succeeded')
  })

  test('reports each refused object with the reason of the server, and stops before the next kind', async () => {
    await newNamespace()
    const syncOptions = ['Preflight=false']
    const bad = (name: string) => ({ ...configMap(name), data: { 'not a key': 'x' } })
    const { phase, message, results } = await run({
      objects: [bad('a'), bad('b'), configMap('c'), deployment('web')],
      syncOptions,
    })
    expect(phase).toBe('Failed')
    expect(outline(results)).toEqual(['ConfigMap a SyncFailed', 'ConfigMap b SyncFailed', 'ConfigMap c Synced Running'])
    expect(message).toContain(`one or more objects failed to apply: ConfigMap ${namespace}/a: ConfigMap "a" is invalid`)
    expect(message).toContain('(and 1 more)')
    expect(await live(deployment('web'))).toBeUndefined()
  })

  test('prunes before it applies, and only the object that it saw', async () => {
    await newNamespace()
    const [old, replaced] = await Promise.all(
      ['old', 'replaced'].map((name) => client.apply(track(configMap(name), 'shop'))),
    )
    const other = { ...replaced, metadata: { ...replaced?.metadata, uid: 'another' } } as KubeObject
    const request = { live: [old as KubeObject, other], operation: { prune: true } }
    const { results } = await run({ objects: [configMap('a')], ...request })
    expect(outline(results)).toEqual([
      'ConfigMap replaced Pruned',
      'ConfigMap old Pruned',
      'ConfigMap a Synced Succeeded',
    ])
    expect(await live(configMap('old'))).toBeUndefined()
    expect(await live(configMap('replaced'))).toBeDefined()
  })

  test('says what it left in place', async () => {
    await newNamespace()
    const old = await client.apply(track(configMap('old'), 'shop'))
    const { phase, results } = await run({ objects: [], live: [old] })
    expect(phase).toBe('Succeeded')
    expect(results).toMatchObject([{ status: 'PruneSkipped', message: 'ignored (requires pruning)' }])
  })

  test('makes the namespace first', async () => {
    namespace = missingNamespace()
    const request = { syncOptions: ['CreateNamespace=true'], destinationNamespace: namespace }
    const { phase, results } = await run({ objects: [configMap('a')], ...request })
    expect(phase).toBe('Succeeded')
    expect(outline(results)).toEqual([`Namespace ${namespace} Synced Succeeded`, 'ConfigMap a Synced Succeeded'])
  })

  test('as a dry run changes nothing and says what it could not check', async () => {
    await newNamespace()
    const old = await client.apply(track(configMap('old'), 'shop'))
    const elsewhere = { ...configMap('a'), metadata: { name: 'a', namespace: `later-${namespace}` } }
    const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `later-${namespace}` } }
    const operation = { dryRun: true, prune: true }
    const { phase, results } = await run({ objects: [configMap('b'), elsewhere, home], live: [old], operation })
    expect(phase).toBe('Succeeded')
    expect(results.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'old: would be pruned (dry run)',
      `later-${namespace}: would be applied (dry run)`,
      expect.stringContaining(`a: not checked: its namespace later-${namespace} is made by this sync`),
      'b: would be applied (dry run)',
    ])
    expect(await live(configMap('b'))).toBeUndefined()
    expect(await live(configMap('old'))).toBeDefined()
  })
})

describe('a sync with waves', () => {
  test('begins a wave when the one before is healthy', async () => {
    await newNamespace()
    const objects = [deployment('web', wave(0)), configMap('after', wave(1))]
    const { phase, messages, results } = await run({ objects })
    expect(phase).toBe('Succeeded')
    expect(messages[0]).toMatch(/^waiting for healthy state of apps\/Deployment\/web: /)
    expect(outline(results)).toEqual(['Deployment web Synced Succeeded', 'ConfigMap after Synced Succeeded'])
  })

  test('fails when an object becomes degraded, and leaves the waves after it undone', async () => {
    await newNamespace()
    const exceeded = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }
    const { phase, message } = await run({
      objects: [deployment('web'), configMap('after', wave(1))],
      player: () => ({ observedGeneration: 100, conditions: [exceeded] }),
    })
    expect(phase).toBe('Failed')
    expect(message).toBe(
      `one or more synchronization tasks completed unsuccessfully: Deployment.apps ${namespace}/web: ` +
        'the rollout exceeded its progress deadline: timed out',
    )
    expect(await live(configMap('after'))).toBeUndefined()
  })

  test('fails when an object that it waits for is deleted', async () => {
    await newNamespace()
    const { phase, message } = await run({
      objects: [deployment('web'), configMap('after', wave(1))],
      settings: {
        live: {
          read: (target, signal) => client.get(target, signal),
          changed: async () => void (await client.delete(targetOf(deployment('web')))),
        },
      },
    })
    expect(phase).toBe('Failed')
    expect(message).toContain('it was deleted while the sync waited for it to be healthy')
  })

  test('waits until pruned objects are gone before the next wave', async () => {
    await newNamespace()
    const held = track(configMap('held', wave(1)), 'shop')
    const old = await client.apply({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } })
    const order: string[] = []
    const { phase, messages } = await run({
      objects: [configMap('after', wave(5))],
      live: [old],
      operation: { prune: true },
      settings: {
        live: {
          read: (target, signal) => client.get(target, signal),
          changed: async () => {
            order.push((await live(configMap('after'))) ? 'applied' : 'not applied')
            await client.patch(targetOf(old), { metadata: { finalizers: null } }, { type: 'merge' })
          },
        },
      },
    })
    expect(phase).toBe('Succeeded')
    expect(order).toEqual(['not applied'])
    expect(messages).toContain('waiting for deletion of ConfigMap/held')
  })

  test('pauses between waves, and not after the last', async () => {
    await newNamespace()
    const pauses: number[] = []
    const clock = { now: Date.now, sleep: async (ms: number) => void pauses.push(ms) }
    const objects = [configMap('a', wave(0)), configMap('b', wave(1)), configMap('c', wave(2))]
    await run({ objects, settings: { clock, waveDelayMs: 2000 } })
    expect(pauses).toEqual([2000, 2000])
  })
})

describe('hooks', () => {
  test('run before and after, and are released when they are done', async () => {
    await newNamespace()
    const objects = [job('before', hook('PreSync')), configMap('a'), job('after', hook('PostSync', 'HookSucceeded'))]
    const { phase, messages, results } = await run({ objects })
    expect(phase).toBe('Succeeded')
    expect(results.map(({ name, hookType, hookPhase }) => [name, hookType, hookPhase])).toEqual([
      ['before', 'PreSync', 'Succeeded'],
      ['a', undefined, 'Succeeded'],
      ['after', 'PostSync', 'Succeeded'],
    ])
    expect(messages).toContain('waiting for completion of hook batch/Job/before: 0 pods active')
    expect((await live(job('before', {})))?.metadata.finalizers).toBeUndefined()
    expect(await isGone(job('after', {}))).toBe(true)
  })

  test('that fail let nothing after them happen, and call the SyncFail hooks', async () => {
    await newNamespace()
    const objects = [
      job('before', hook('PreSync', 'HookFailed')),
      configMap('a'),
      job('rescue', hook('SyncFail', 'HookSucceeded')),
    ]
    const { phase, message, results } = await run({ objects, player: failJob('before') })
    expect([phase, message]).toEqual([
      'Failed',
      `one or more synchronization tasks completed unsuccessfully: Job.batch ${namespace}/before: BackoffLimitExceeded: it failed`,
    ])
    expect(outline(results)).toEqual(['Job before Synced Failed', 'Job rescue Synced Succeeded'])
    expect(await live(configMap('a'))).toBeUndefined()
    expect(await isGone(job('before', {}))).toBe(true)
    expect(await live(job('rescue', {}))).toBeDefined()
  })

  test('for a failure that fail themselves change the message only', async () => {
    await newNamespace()
    const objects = [job('before', hook('PreSync')), job('rescue', hook('SyncFail'))]
    const failed = { conditions: [{ type: 'Failed', status: 'True', message: 'no' }] }
    const { phase, message } = await run({ objects, player: () => failed })
    expect(phase).toBe('Failed')
    expect(message).toMatch(/before: no; one or more SyncFail hooks failed as well$/)
  })

  test('of the sync before are deleted first, whatever finalizer they were left with', async () => {
    await newNamespace()
    const objects = [job('before', hook('PreSync'))]
    await run({ objects, settings: { operationId: 'first' } })
    const first = await live(job('before', {}))
    await client.patch(
      targetOf(job('before', {})),
      { metadata: { finalizers: [`${prefix}/hook-finalizer`] } },
      { type: 'merge' },
    )
    const { phase } = await run({ objects, settings: { operationId: 'second' } })
    expect(phase).toBe('Succeeded')
    expect((await live(job('before', {})))?.metadata.uid).not.toBe(first?.metadata.uid)
  })

  test('run anew even where the cache still holds the one of long ago', async () => {
    await newNamespace()
    const before = job('before', hook('PreSync'))
    const objects = [before]
    await run({ objects, settings: { operationId: 'first' } })
    const longAgo = await live(before)
    await run({ objects, settings: { operationId: 'second' } })
    const second = await live(before)
    let hasSeenOwn = false
    const lagging = {
      read: async () => {
        const now = await live(before)
        // Its own writes it knows of at once.
        hasSeenOwn ||= now?.metadata.annotations?.['tiphys.dev/operation']?.startsWith('third') ?? false
        return hasSeenOwn ? now : longAgo
      },
      changed: () => play(succeed),
    }
    const { phase } = await run({ objects, settings: { operationId: 'third', live: lagging } })
    expect(phase).toBe('Succeeded')
    const third = await live(before)
    expect([longAgo?.metadata.uid, second?.metadata.uid]).not.toContain(third?.metadata.uid)
  })

  test('deleted from outside before they have finished fail instead of being waited for', async () => {
    await newNamespace()
    const { phase, message } = await run({
      objects: [job('before', hook('PreSync'))],
      settings: {
        live: {
          read: (target, signal) => client.get(target, signal),
          changed: async () =>
            void (await client.delete(targetOf(job('before', {})), { propagationPolicy: 'Background' })),
        },
      },
    })
    expect(phase).toBe('Failed')
    expect(message).toContain('it is being deleted before it has finished')
    expect(await isGone(job('before', {}))).toBe(true)
  })

  test('that their time to live has deleted count by how they ended', async () => {
    await newNamespace()
    const { phase } = await run({
      objects: [job('before', hook('PreSync'))],
      settings: {
        live: {
          read: (target, signal) => client.get(target, signal),
          changed: async () => {
            await play(succeed)
            await client.delete(targetOf(job('before', {})), { propagationPolicy: 'Background' })
          },
        },
      },
    })
    expect(phase).toBe('Succeeded')
    expect(await isGone(job('before', {}))).toBe(true)
  })

  test('of a kind without health are done when they are made', async () => {
    await newNamespace()
    const { phase, results } = await run({ objects: [configMap('note', hook('PreSync')), configMap('a')] })
    expect(phase).toBe('Succeeded')
    expect(outline(results)).toEqual(['ConfigMap note Synced Succeeded', 'ConfigMap a Synced Succeeded'])
    expect((await live(configMap('note')))?.metadata.finalizers).toBeUndefined()
  })

  test('that run in two phases are made anew for the second', async () => {
    await newNamespace()
    const uids = new Set<string | undefined>()
    const { phase } = await run({
      objects: [job('twice', hook('PreSync,PostSync')), configMap('a')],
      player: (object) => {
        uids.add(object.metadata.uid)
        return succeed(object)
      },
    })
    expect(phase).toBe('Succeeded')
    expect(uids.size).toBe(2)
  })
})

describe('an operation that is terminated', () => {
  test('ends its running hooks and fails', async () => {
    await newNamespace()
    const terminate = new AbortController()
    const { phase, message, results } = await run({
      objects: [job('before', hook('PreSync')), configMap('a')],
      player: () => {
        terminate.abort()
        return undefined
      },
      settings: { terminate: terminate.signal },
    })
    expect([phase, message]).toEqual(['Failed', 'Operation terminated'])
    expect(outline(results)).toEqual(['Job before Synced Failed'])
    expect(await isGone(job('before', {}))).toBe(true)
    expect(await live(configMap('a'))).toBeUndefined()
  })
})

test("a hook of before that somebody's finalizer holds fails the operation instead of hanging it", async () => {
  await newNamespace()
  const before = job('before', hook('PreSync'))
  const held = { ...before, metadata: { ...before.metadata, finalizers: ['example.com/held'] } }
  await client.create(held)
  const settings = { hookDeletionMs: 30 }
  const { phase, results, messages } = await run({ objects: [before], settings })
  expect(phase).toBe('Failed')
  expect(results[0]?.message).toContain('held by example.com/held')
  expect(messages[0]).toContain('waiting for deletion of hook Job before')
  await client.patch(targetOf(before), { metadata: { finalizers: [] } }, { type: 'merge' })
})
