/** Streams: applications and trees as they change, as lines and as server-sent events. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnswerOf, type QueryOf, routes } from '../../src/contract/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type Repository, startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let repository: Repository

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
  repository = world.repository({ 'config.yaml': configMap('config') })
})
afterAll(() => world.stop())

type Message = AnswerOf<typeof routes.applicationStreams.applications>

/** What comes, until it is left. */
function follow(query: Partial<QueryOf<typeof routes.applicationStreams.applications>>) {
  const ending = new AbortController()
  const messages: Message[] = []
  const ended = (async () => {
    const stream = client.api.stream(routes.applicationStreams.applications, { query, signal: ending.signal })
    for await (const message of stream) messages.push(message)
  })().catch(() => {})
  return {
    messages,
    until: (isIt: (message: Message) => boolean) =>
      expect.poll(() => messages.some(isIt), { timeout: 30_000 }).toBe(true),
    async leave() {
      ending.abort()
      await ended
    },
  }
}

test('applications are told when they come, when they change and when they go', async () => {
  const first = await world.application(repository)
  await first.settled()
  const all = follow({})
  await all.until(({ type, application }) => type === 'ADDED' && application.metadata.name === first.name)
  const second = await world.application(repository)
  await all.until(({ type, application }) => type === 'ADDED' && application.metadata.name === second.name)
  await second.settled()
  // What happens at once is told at once: it may have come as far before it was told of first.
  await all.until(
    ({ type, application }) =>
      type !== 'DELETED' &&
      application.metadata.name === second.name &&
      application.status?.health?.status === 'Healthy' &&
      application.status.sync?.status === 'Synced',
  )
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: world.controlNamespace }
  await world.client.delete({ ...target, name: second.name })
  await all.until(({ type, application }) => type === 'DELETED' && application.metadata.name === second.name)
  await all.leave()
})

test('a stream is chosen and narrowed as a list is, and tells nothing twice', async () => {
  const app = await world.application(repository)
  await app.settled()
  const narrow = follow({ name: app.name, fields: 'result.type,result.application.status.sync.status' })
  await narrow.until(({ type }) => type === 'ADDED')
  await app.patch({ metadata: { labels: { changed: 'yes' } } })
  await app.patch({ spec: { syncPolicy: { automated: null } } })
  repository.commit({ 'config.yaml': configMap('config', { key: String(Math.random()) }) })
  await narrow.until(({ application }) => application.status?.sync?.status === 'OutOfSync')
  expect(narrow.messages).toEqual([
    { type: 'ADDED', application: { status: { sync: { status: 'Synced' } } } },
    { type: 'MODIFIED', application: { status: { sync: { status: 'OutOfSync' } } } },
  ])
  await narrow.leave()
})

test('a stream goes on from where a list ended', async () => {
  const app = await world.application(repository)
  await app.settled()
  const { metadata } = await client.api.call(routes.applications.list, { query: {} })
  const { resourceVersion } = metadata as { resourceVersion: string }
  const later = follow({ resourceVersion })
  await app.patch({ metadata: { labels: { later: 'yes' } } })
  await later.until(({ application }) => application.metadata.labels?.later === 'yes')
  expect(later.messages.every(({ type }) => type === 'MODIFIED')).toBe(true)
  await later.leave()
})

test('a browser is served events', async () => {
  const response = await client.get('/api/v1/stream/applications?fields=result.type', { accept: 'text/event-stream' })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  expect(new TextDecoder().decode(value)).toMatch(/^data: \{"result":\{"type":"ADDED","application":\{\}\}\}\n\n/)
  await reader?.cancel()
})

test('a tree is told whenever something of it changes, and ends with its application', async () => {
  const trees = world.repository({ 'web.yaml': deployment('web') })
  const app = await world.application(trees)
  await app.settled()
  const seen: number[] = []
  const params = { applicationName: app.name }
  const ended = (async () => {
    for await (const { nodes } of client.api.stream(routes.applicationStreams.tree, { params, query: {} }))
      seen.push(nodes.filter(({ kind }) => kind === 'Pod').length)
  })()
  await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe(1)
  trees.commit({ 'web.yaml': deployment('web', { replicas: 3 }) })
  await expect.poll(() => seen.at(-1), { timeout: 30_000 }).toBe(3)
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: world.controlNamespace }
  await world.client.delete({ ...target, name: app.name })
  await ended
})

test('who has not signed in is told nothing', async () => {
  const { url } = world.tiphys()
  for (const path of ['applications', 'applications/any/resource-tree'])
    expect((await fetch(`${url}/api/v1/stream/${path}`)).status).toBe(401)
})

test('a session that has been ended takes its streams with it', async () => {
  const other = await signIn(world)
  const reading = (async () => {
    for await (const _ of other.api.stream(routes.applicationStreams.applications, { query: {} }));
  })()
  await other.api.call(routes.session.end, {})
  await expect(reading).rejects.toMatchObject({ status: 401, code: 16 })
})
