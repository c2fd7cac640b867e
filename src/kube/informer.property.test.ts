import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configMaps, startUnrulyServer, type UnrulyServer } from '../../test/unruly-server.ts'
import type { KubeObject } from '../model/index.ts'
import { type Clock, systemClock } from './clock.ts'
import { connect } from './connect.ts'
import { inform } from './informer.ts'
import type { StoreChange } from './object-store.ts'

interface Item {
  uid: string
  resourceVersion: string
  key: string
}

/** Waits as a system does, but twenty times as fast. */
const hasty: Clock = { now: Date.now, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) }
const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const itemOf = ({ metadata }: Pick<KubeObject, 'metadata'>): Item => ({
  uid: metadata.uid ?? '',
  resourceVersion: metadata.resourceVersion ?? '',
  key: `${metadata.namespace}/${metadata.name}`,
})

/** Follows what is told of changes and fails on any that does not fit what was told before. */
function openMirror() {
  const items = new Map<string, Item>()
  const faults: string[] = []
  return {
    items,
    faults,
    onChange({ previous, current }: StoreChange<Item>) {
      const { key } = current ?? previous ?? { key: '' }
      if (items.get(key) !== previous) faults.push(`${key}: previous is not what was told last`)
      if (previous && current && JSON.stringify(previous) === JSON.stringify(current)) faults.push(`${key}: told twice`)
      if (current) items.set(key, current)
      else items.delete(key)
    },
  }
}

type Follower = ReturnType<typeof inform<Item>>

interface World {
  server: UnrulyServer
  informer: Follower
  /** Answers to writes of ours that are still on their way. */
  answers: KubeObject[]
}

const name = fc.integer({ min: 0, max: 6 }).map((n) => ({ namespace: n % 2 ? 'odd' : 'even', name: `c${n}` }))

/** What may happen between the server, the network and us. */
const incident = fc.oneof(
  { weight: 6, arbitrary: name.map((each) => ({ does: 'write' as const, each })) },
  { weight: 3, arbitrary: name.map((each) => ({ does: 'remove' as const, each })) },
  { weight: 2, arbitrary: name.map((each) => ({ does: 'own write' as const, each })) },
  { weight: 2, arbitrary: name.map((each) => ({ does: 'own write, answered late' as const, each })) },
  { weight: 2, arbitrary: fc.constant({ does: 'answer' as const }) },
  { weight: 2, arbitrary: name.map((each) => ({ does: 'own removal' as const, each })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('end', 'break', 'mid-line').map((how) => ({ does: 'disconnect' as const, how })),
  },
  { weight: 2, arbitrary: fc.constant({ does: 'compact' as const }) },
  { weight: 2, arbitrary: fc.constant({ does: 'bookmark' as const }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map((times) => ({ does: 'refuse' as const, times })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map((times) => ({ does: 'cut' as const, times })) },
  { weight: 1, arbitrary: fc.constant({ does: 'restart' as const }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }).map((at) => ({ does: 'start anew' as const, at })) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 15 }).map((ms) => ({ does: 'wait' as const, ms })) },
)
type Incident = typeof incident extends fc.Arbitrary<infer Value> ? Value : never

async function happen({ server, informer, answers }: World, event: Incident): Promise<void> {
  switch (event.does) {
    case 'write':
      server.put(configMaps, event.each)
      return
    case 'remove':
      return server.remove(configMaps, event.each)
    case 'own write':
      informer.put(server.put(configMaps, event.each) as unknown as KubeObject)
      return
    case 'own write, answered late':
      answers.push(server.put(configMaps, event.each) as unknown as KubeObject)
      return
    case 'answer':
      for (const object of answers.splice(0)) informer.put(object)
      return
    case 'own removal': {
      const uid = server.objects(configMaps).find(({ metadata }) => metadata.name === event.each.name)?.metadata.uid
      server.remove(configMaps, event.each)
      if (uid !== undefined) informer.forget(event.each, uid)
      return
    }
    case 'disconnect':
      return server.disconnect(event.how as 'end')
    case 'compact':
      server.compact()
      return server.disconnect('break')
    case 'bookmark':
      return server.bookmark()
    case 'refuse':
      return sometimes(server, event.times, { status: 503 })
    case 'cut':
      return sometimes(server, event.times, { status: 200, body: { items: [{}], metadata: {} }, cutAfter: 20 })
    case 'restart':
      await server.stop()
      await server.start()
      return
    case 'start anew':
      await server.stop()
      await server.start({ empty: true, at: event.at })
      answers.length = 0
      return
    case 'wait':
      await moment(event.ms)
  }
}

function sometimes(
  server: UnrulyServer,
  times: number,
  answer: ReturnType<Parameters<UnrulyServer['misbehave']>[0]>,
): void {
  let left = times
  server.misbehave(() => (left-- > 0 ? answer : undefined))
  server.disconnect('break')
}

test('whatever happens on the way, what is kept is in the end what the server has, and no change is told twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(incident, { minLength: 1, maxLength: 40 }), async (incidents) => {
      const server = await startUnrulyServer()
      const client = connect(
        { name: 'test', server: server.url, authenticate: async () => ({ headers: {} }) },
        { clock: hasty },
      )
      const mirror = openMirror()
      const informer = inform<Item>({
        client,
        clock: hasty,
        resource: { ...configMaps, verbs: [], shortNames: [] },
        pageSize: 2,
        keep: itemOf,
        onChange: mirror.onChange,
      })
      try {
        while (informer.state().status !== 'synced') await moment(1)
        const answers: KubeObject[] = []
        for (const event of incidents) await happen({ server, informer, answers }, event)
        await moment(5)
        for (const object of answers) informer.put(object)
        server.behave()
        const wanted = () => server.objects(configMaps).map((object) => itemOf(object as unknown as KubeObject))
        const kept = () => [...informer.items.values()]
        const agree = () => JSON.stringify(sorted(kept())) === JSON.stringify(sorted(wanted()))
        for (let tries = 0; tries < 400 && !(agree() && informer.state().status === 'synced'); tries++) await moment(5)
        expect(sorted(kept())).toEqual(sorted(wanted()))
        expect(sorted([...mirror.items.values()])).toEqual(sorted(kept()))
        expect(mirror.faults).toEqual([])
      } finally {
        await informer.stop()
        await client.close()
        await server.stop()
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
  )
}, 120_000)

const sorted = (items: Item[]) => items.sort((one, other) => (one.key < other.key ? -1 : 1))
