/** The list of applications: chosen, sorted, counted, in pages, by fields; and one application, looked at anew. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type QueryOf, routes } from '../../src/contract/index.ts'
import { configMap } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let repository: Repository
let apps: App[]

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
  repository = world.repository({ 'config.yaml': configMap('config', { a: '1' }) })
  apps = [await world.application(repository), await world.application(repository, { syncPolicy: {} })]
  apps.push(await world.application(repository, { source: { repoURL: repository.url, path: 'missing' } }))
  await apps[0]?.patch({ metadata: { labels: { team: 'shop' } } })
  await apps[0]?.settled()
  await apps[1]?.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await apps[2]?.until('refused', ({ conditions = [] }) => conditions.length > 0)
})
afterAll(() => world.stop())

type Query = Partial<QueryOf<typeof routes.applications.list>>

async function names(query: Query): Promise<string[]> {
  const { items } = await client.api.call(routes.applications.list, { query })
  return items.map(({ metadata }) => metadata.name)
}

function nameOf(index: number): string {
  return apps[index]?.name ?? ''
}

test('the server chooses among the applications', async () => {
  expect(await names({})).toEqual([nameOf(0), nameOf(1), nameOf(2)])
  expect(await names({ sync: ['OutOfSync'] })).toEqual([nameOf(1)])
  expect(await names({ selector: 'team=shop' })).toEqual([nameOf(0)])
  expect(await names({ search: nameOf(1) })).toEqual([nameOf(1)])
  expect(await names({ autoSync: false })).toEqual([nameOf(1)])
  expect(await names({ cluster: ['https://kubernetes.default.svc'] })).toHaveLength(3)
  expect(await names({ projects: ['other'] })).toEqual([])
  expect(await names({ name: nameOf(2) })).toEqual([nameOf(2)])
})

test('a list comes in pages, and says how many there are of each sort', async () => {
  const list = (query: Query) => client.api.call(routes.applications.list, { query })
  const first = await list({ limit: 2, counts: true })
  expect(first.items).toHaveLength(2)
  expect(first.counts).toMatchObject({
    total: 3,
    matching: 3,
    facets: { project: { default: 3 }, autoSync: { true: 2 } },
  })
  const metadata = first.metadata as { continue?: string; remainingItemCount?: number; resourceVersion?: string }
  expect(metadata.remainingItemCount).toBe(1)
  const rest = await list({ limit: 2, continue: metadata.continue })
  expect(rest.items.map((item) => item.metadata.name)).toEqual([nameOf(2)])
  expect(rest.metadata).not.toHaveProperty('continue')
})

test('only the fields that are asked for are sent', async () => {
  const fields = 'items.metadata.name,items.status.sync.status'
  const { items } = await client.api.call(routes.applications.list, { query: { fields, name: nameOf(0) } })
  expect(items).toEqual([{ metadata: { name: nameOf(0) }, status: { sync: { status: 'Synced' } } }])
  const without = await client.api.call(routes.applications.list, { query: { fields: '-items.status,items.spec' } })
  expect(Object.keys(without.items[0] ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata'])
})

test('what cannot be understood is refused in words', async () => {
  const refused = (query: string) => client.get(`/api/v1/applications?${query}`)
  for (const query of ['sort=color', 'limit=-1', 'limit=many', 'selector=a=b=c', 'continue=x', 'autoSync=perhaps']) {
    const response = await refused(query)
    expect(response.status, query).toBe(400)
    expect(((await response.json()) as { message: string }).message).not.toBe('')
  }
})

test('a refresh answers when the application has been looked at', async () => {
  const name = nameOf(1)
  const revision = repository.commit({ 'config.yaml': configMap('config', { a: '2' }) })
  for (const refresh of ['normal', 'hard']) {
    const seen = await client.api.call(routes.applications.get, { params: { name }, query: { refresh } })
    expect(seen.metadata.annotations ?? {}).not.toHaveProperty(['argocd.argoproj.io/refresh'])
    expect(seen.status?.sync?.revision).toBe(revision)
  }
})
