/** Several replicas on one small store of Leases, at a time that the test sets. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import type { KubeObject } from '../model/index.ts'
import { joinReplicas, type Membership } from './membership.ts'

const names = Array.from({ length: 60 }, (_, number) => `application-${number}`)

let leases: Map<string, KubeObject>
let version: number
let away: Set<string>
let joined: Membership[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  leases = new Map()
  version = 0
  away = new Set()
  joined = []
})
afterEach(() => vi.useRealTimers())

function clientOf(identity: string): KubeClient {
  const reach = () => {
    if (away.has(identity)) throw new KubeError('no answer', { code: 0, reason: 'Unreachable' })
  }
  const put = (lease: KubeObject) => {
    const { name } = lease.metadata
    const uid = leases.get(name)?.metadata.uid ?? `uid ${version}`
    const stored = { ...lease, metadata: { ...lease.metadata, uid, resourceVersion: String(++version) } }
    leases.set(name, stored)
    return stored
  }
  return {
    server: 'test',
    apiResources: async () => ({ find: () => ({ resource: 'leases' }) }),
    async patch({ name }: { name: string }, patch: { metadata: object; spec: object }) {
      reach()
      const known = leases.get(name)
      if (!known) throw new KubeError('not found', { code: 404, reason: 'NotFound' })
      return put({
        ...known,
        metadata: { ...known.metadata, ...patch.metadata },
        spec: { ...(known.spec as object), ...patch.spec },
      })
    },
    async create(lease: KubeObject) {
      reach()
      return put(lease)
    },
    async *list() {
      reach()
      yield* leases.values()
    },
    async delete({ name }: { name: string }, { preconditions }: { preconditions: { resourceVersion: string } }) {
      reach()
      if (leases.get(name)?.metadata.resourceVersion !== preconditions.resourceVersion)
        throw new KubeError('conflict', { code: 409, reason: 'Conflict' })
      leases.delete(name)
      return { state: 'gone' }
    },
  } as unknown as KubeClient
}

/** What a clock that nobody can set says; a frozen process is not asked. */
const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms)

async function join(identity: string, more: { aloneOnHost?: boolean } = {}): Promise<Membership> {
  const moment = () => ({ wall: Date.now(), steady: Date.now() })
  const log = { info() {}, warn() {} }
  const roles = ['controller']
  const membership = await joinReplicas({
    client: clientOf(identity),
    namespace: 'argocd',
    identity,
    ...more,
    roles,
    log,
    moment,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        signal.addEventListener('abort', end)
      }),
  })
  joined.push(membership)
  return membership
}

const ours = (membership: Membership) => names.filter((name) => membership.share('controller').isOurs(name))

test('each application belongs to one of those that are live', async () => {
  const [one, two, three] = [await join('one'), await join('two'), await join('three')]
  await passed(5_000)
  expect([...ours(one), ...ours(two), ...ours(three)].sort()).toEqual([...names].sort())
})

test('who cannot renew is sure of nothing before others take its share, which they do within 14 s', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(5_000)
  expect(ours(one).length).toBeLessThan(names.length)
  away.add('two')
  let [lostAfter, takenAfter] = [0, 0]
  for (let ms = 100; ms <= 20_000; ms += 100) {
    await passed(100)
    if (!lostAfter && ours(two).length === 0) lostAfter = ms
    if (!takenAfter && ours(one).length === names.length) takenAfter = ms
  }
  expect(lostAfter).toBeGreaterThan(0)
  expect(takenAfter - lostAfter).toBeGreaterThan(2_000)
  expect(takenAfter).toBeLessThanOrEqual(14_000)
})

test('what it had begun counts for nothing once it is back', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(5_000)
  const before = two.share('controller').holder() ?? ''
  expect(one.share('controller').isLive(before)).toBe(true)
  away.add('two')
  await passed(7_000)
  away.delete('two')
  await passed(5_000)
  expect(two.share('controller').holder()).not.toBe(before)
  expect(one.share('controller').isLive(before)).toBe(false)
  expect(two.share('controller').isLive(before)).toBe(false)
})

test('who is started again in its Pod has at once what the one that was killed there had', async () => {
  const killed = await join('tiphys-abc-00000001')
  const other = await join('tiphys-xyz-00000001')
  await passed(5_000)
  const before = killed.share('controller').holder() ?? ''
  away.add('tiphys-abc-00000001')
  const again = await join('tiphys-abc-00000002', { aloneOnHost: true })
  expect(again.share('controller').isLive(before)).toBe(false)
  await passed(2_100)
  expect([...ours(again), ...ours(other)].sort()).toEqual([...names].sort())
})

test('a Lease that is given up moves its share with the next look', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(5_000)
  await two.close()
  await passed(2_100)
  expect(ours(one)).toEqual(names)
})

test('a Lease that somebody deletes is not taken for given up', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(5_000)
  const held = two.share('controller').holder() ?? ''
  away.add('two')
  leases.delete('tiphys-two')
  await passed(4_000)
  expect(two.share('controller').holder()).toBe(held)
  expect(one.share('controller').isLive(held)).toBe(true)
})

test('whoever starts gives those that it has not seen the time to be seen', async () => {
  const one = await join('one')
  expect(one.share('controller').isLive('somebody/1')).toBe(true)
  await passed(8_000)
  expect(one.share('controller').isLive('somebody/1')).toBe(true)
  await passed(5_000)
  expect(one.share('controller').isLive('somebody/1')).toBe(false)
})

test('what one has begun that is new, or back, counts before the others have seen its Lease', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(13_000)
  const three = await join('three')
  const fresh = three.share('controller').holder() ?? ''
  expect(one.share('controller').isLive(fresh)).toBe(true)
  away.add('two')
  await passed(15_000)
  expect(one.share('controller').isLive(fresh)).toBe(true)
  expect(one.share('controller').isLive('two/1')).toBe(false)
  away.delete('two')
  let back: string | undefined
  while (back === undefined) {
    await passed(1)
    back = two.share('controller').holder()
  }
  expect(back).toBe('two/2')
  expect(one.share('controller').isLive(back)).toBe(true)
  await passed(2_100)
  expect(one.share('controller').isLive(back)).toBe(true)
})

test('who is not in the next list either is gone, and what it had begun is looked at again then', async () => {
  const one = await join('one')
  await passed(13_000)
  const told = vi.fn()
  one.share('controller').onChange(told)
  expect(one.share('controller').isLive('nobody/1')).toBe(true)
  expect(told).not.toHaveBeenCalled()
  await passed(2_100)
  expect(told).toHaveBeenCalledOnce()
  expect(one.share('controller').isLive('nobody/1')).toBe(false)
  await passed(10_000)
  expect(one.share('controller').isLive('nobody/1')).toBe(false)
  expect(told).toHaveBeenCalledOnce()
})

test('Leases of those that are gone are cleared away', async () => {
  const [one, two] = [await join('one'), await join('two')]
  await passed(3_000)
  await two.close()
  await passed(70_000)
  expect([...leases.keys()]).toEqual(['tiphys-one'])
  await one.close()
})
