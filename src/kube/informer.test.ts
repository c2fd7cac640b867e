import { afterEach, expect, test, vi } from 'vitest'
import { configMaps, startUnrulyServer, type UnrulyServer } from '../../test/unruly-server.ts'
import type { KubeObject } from '../model/index.ts'
import { connect } from './connect.ts'
import { type InformerState, inform } from './informer.ts'
import type { ApiResource } from './kube-client.ts'

const resource: ApiResource = { ...configMaps, verbs: [], shortNames: [] }
const opened: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function start(prepare: (server: UnrulyServer) => void = () => {}) {
  const server = await startUnrulyServer()
  prepare(server)
  const client = connect({ name: 'test', server: server.url, authenticate: async () => ({ headers: {} }) })
  const changes: string[] = []
  const states: InformerState[] = []
  const informer = inform({
    client,
    resource,
    random: () => 0,
    keep: (object: KubeObject) => ({
      uid: object.metadata.uid ?? '',
      resourceVersion: object.metadata.resourceVersion ?? '',
      name: object.metadata.name,
      data: object.data,
    }),
    onChange({ previous, current }) {
      changes.push(`${previous ? (current ? '~' : '-') : '+'}${(current ?? previous)?.name}`)
    },
    onState: (state) => states.push(state),
  })
  opened.push(
    () => server.stop(),
    () => client.close(),
    () => informer.stop(),
  )
  return { server, client, informer, changes, states }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 })

async function agreed({
  server,
  informer,
}: {
  server: UnrulyServer
  informer: { items: ReadonlyMap<string, object> }
}) {
  const expected = server
    .objects(configMaps)
    .map(({ metadata, data }) => ({
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      name: metadata.name,
      data,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  await until(() => {
    const kept = [...informer.items.values()] as { name: string }[]
    expect(kept.sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual(expected)
  })
}

const lists = ({ log }: UnrulyServer) => log.filter((line) => line.includes('limit=500')).length

const named = (name: string) => ({ namespace: 'shop', name })

test('lists page by page, then follows', async () => {
  const setup = await start((server) => {
    for (let n = 0; n < 1_203; n++) server.put(configMaps, named(`c${n}`))
  })
  await agreed(setup)
  expect(lists(setup.server)).toBe(3)
  setup.server.put(configMaps, named('new'))
  setup.server.put(configMaps, named('c7'), { data: { a: 'b' } })
  setup.server.remove(configMaps, named('c8'))
  await agreed(setup)
  expect(setup.changes.slice(1_203)).toEqual(['+new', '~c7', '-c8'])
})

for (const how of ['end', 'break', 'mid-line'] as const)
  test(`goes on from the last version without a list when the watch ends (${how})`, async () => {
    const setup = await start((server) => void server.put(configMaps, named('one')))
    await until(() => expect(setup.server.watchers.size).toBe(1))
    setup.server.put(configMaps, named('two'))
    await agreed(setup)
    setup.server.disconnect(how)
    setup.server.put(configMaps, named('three'))
    setup.server.remove(configMaps, named('one'))
    await agreed(setup)
    expect(setup.changes).toEqual(['+one', '+two', '+three', '-one'])
    expect(lists(setup.server)).toBe(1)
    expect(setup.states).toEqual([{ status: 'synced' }])
  })

test('a character that is cut in two between packets arrives whole', async () => {
  const setup = await start()
  await until(() => expect(setup.server.watchers.size).toBe(1))
  const object = { metadata: { ...named('snow☃man'), uid: 'u', resourceVersion: '900' } }
  const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`)
  const half = line.indexOf(Buffer.from('☃')) + 1
  for (const { response } of setup.server.watchers) {
    response.write(line.subarray(0, half))
    await new Promise((resolve) => setTimeout(resolve, 20))
    response.write(line.subarray(half))
  }
  await until(() => expect(setup.changes).toEqual(['+snow☃man']))
})

test('a version that is too old leads to a list whose differences are told', async () => {
  const setup = await start((server) => {
    for (const name of ['kept', 'changed', 'removed', 'reborn']) server.put(configMaps, named(name))
  })
  await until(() => expect(setup.server.watchers.size).toBe(1))
  setup.server.misbehave(({ watch }) => (watch ? { status: 503 } : undefined))
  setup.server.disconnect('break')
  setup.server.put(configMaps, named('changed'), { data: { a: 'b' } })
  setup.server.remove(configMaps, named('removed'))
  setup.server.remove(configMaps, named('reborn'))
  setup.server.put(configMaps, named('reborn'))
  setup.server.put(configMaps, named('added'))
  setup.server.compact()
  setup.server.behave()
  await agreed(setup)
  expect(setup.changes.slice(4).sort()).toEqual(['+added', '-removed', '~changed', '~reborn'])
})

test('an ERROR event in the stream counts as an expiry', async () => {
  const setup = await start((server) => void server.put(configMaps, named('one')))
  await until(() => expect(setup.server.watchers.size).toBe(1))
  const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }
  setup.server.say(`${JSON.stringify({ type: 'ERROR', object })}\n`)
  await until(() => expect(lists(setup.server)).toBe(2))
  setup.server.put(configMaps, named('two'))
  await agreed(setup)
  expect(setup.changes).toEqual(['+one', '+two'])
})

test('a bookmark moves the version on, so that an expiry of older ones does not matter', async () => {
  const setup = await start((server) => void server.put(configMaps, named('one')))
  await until(() => expect(setup.server.watchers.size).toBe(1))
  setup.server.put({ ...configMaps, resource: 'others' }, named('elsewhere'))
  setup.server.bookmark()
  setup.server.compact()
  await new Promise((resolve) => setTimeout(resolve, 50))
  setup.server.disconnect('end')
  setup.server.put(configMaps, named('two'))
  await agreed(setup)
  expect(lists(setup.server)).toBe(1)
})

test('a list whose snapshot is forgotten half-way is taken again in one piece', async () => {
  let pages = 0
  const setup = await start((server) => {
    for (let n = 0; n < 700; n++) server.put(configMaps, named(`c${n}`))
    server.misbehave(({ url }) => {
      if (url.searchParams.has('continue') && pages++ === 0) server.compact()
      return undefined
    })
  })
  await agreed(setup)
  expect(setup.changes).toHaveLength(700)
})

test('a list that breaks in the middle of a page is repeated, and nothing is told twice', async () => {
  let broken = 0
  const setup = await start((server) => {
    for (let n = 0; n < 700; n++) server.put(configMaps, named(`c${n}`))
    server.misbehave(({ url }) =>
      url.searchParams.has('continue') && broken++ < 2 ? { status: 200, body: { items: [] }, cutAfter: 5 } : undefined,
    )
  })
  await agreed(setup)
  expect(setup.changes).toHaveLength(700)
})

test('a server that restarts with its data costs one object per kind, not a list', async () => {
  const setup = await start((server) => {
    for (let n = 0; n < 10; n++) server.put(configMaps, named(`c${n}`))
  })
  await until(() => expect(setup.server.watchers.size).toBe(1))
  await setup.server.stop()
  await until(() => expect(setup.informer.state()).toMatchObject({ status: 'failing', code: 0 }))
  expect(setup.informer.items.size).toBe(10)
  setup.server.put(configMaps, named('c3'), { data: { a: 'b' } })
  await setup.server.start()
  await agreed(setup)
  expect(setup.informer.state()).toEqual({ status: 'synced' })
  expect(setup.changes.slice(10)).toEqual(['~c3'])
  expect(lists(setup.server)).toBe(1)
})

for (const at of [1, 100_000])
  test(`a server that comes back without its data is listed afresh (at version ${at})`, async () => {
    const setup = await start((server) => {
      server.put(configMaps, named('one'))
      server.put(configMaps, named('two'))
    })
    await until(() => expect(setup.server.watchers.size).toBe(1))
    await setup.server.stop()
    await setup.server.start({ empty: true, at })
    setup.server.put(configMaps, named('two'))
    setup.server.put(configMaps, named('three'))
    await agreed(setup)
    setup.server.remove(configMaps, named('three'))
    await agreed(setup)
  })

test('events that are told twice are passed on once', async () => {
  const setup = await start((server) => void server.put(configMaps, named('one')))
  await until(() => expect(setup.server.watchers.size).toBe(1))
  const object = setup.server.put(configMaps, named('one'), { data: { a: 'b' } })
  setup.server.say(`${JSON.stringify({ type: 'MODIFIED', object })}\n`)
  setup.server.say(`${JSON.stringify({ type: 'ADDED', object })}\n`)
  setup.server.put(configMaps, named('two'))
  await agreed(setup)
  expect(setup.changes).toEqual(['+one', '~one', '+two'])
})

test('a kind that may not be read says so and waits', async () => {
  const setup = await start((server) => {
    const body = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'configmaps is forbidden: no' }
    server.misbehave(() => ({ status: 403, body }))
  })
  await until(() => expect(setup.informer.state()).toMatchObject({ code: 403, message: 'configmaps is forbidden: no' }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(lists(setup.server)).toBe(1)
})

test('our own writes are there at once, and late events do not undo them', async () => {
  const setup = await start((server) => void server.put(configMaps, named('one')))
  await until(() => expect(setup.server.watchers.size).toBe(1))
  const { uid } = setup.server.objects(configMaps)[0]?.metadata ?? { uid: '' }
  const written = (resourceVersion: string, data: object) =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...named('one'), uid, resourceVersion }, data }) as KubeObject
  setup.informer.put(written('150', { own: 'write' }))
  setup.server.put(configMaps, named('one'), { data: { older: 'event' } })
  setup.server.put(configMaps, named('two'))
  await until(() => expect(setup.changes).toContain('+two'))
  expect(setup.informer.items.get('shop/one')).toMatchObject({ data: { own: 'write' } })

  setup.informer.forget(named('one'), uid)
  expect(setup.informer.items.has('shop/one')).toBe(false)
  setup.server.put(configMaps, named('one'), { data: { older: 'event' } })
  setup.server.put(configMaps, named('three'))
  await until(() => expect(setup.changes).toContain('+three'))
  expect(setup.informer.items.has('shop/one')).toBe(false)
  setup.server.remove(configMaps, named('one'))
  setup.server.put(configMaps, named('one'))
  await agreed(setup)
})

test('the answer to a write that comes after the deletion does not bring the object back', async () => {
  const setup = await start()
  await until(() => expect(setup.server.watchers.size).toBe(1))
  const answer = setup.server.put(configMaps, named('one')) as unknown as KubeObject
  setup.server.remove(configMaps, named('one'))
  await until(() => expect(setup.changes).toEqual(['+one', '-one']))
  setup.informer.put(answer)
  expect(setup.informer.items.size).toBe(0)
  setup.informer.put(setup.server.put(configMaps, named('two')) as unknown as KubeObject)
  expect([...setup.informer.items.keys()]).toEqual(['shop/two'])
  await agreed(setup)
})
