/** ApplicationSets through the REST API: kept as they are, and what each would make. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import type { ApplicationSet } from '../../src/model/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
})
afterAll(() => world.stop())

function applicationSet(name: string, changes: Partial<ApplicationSet['spec']> = {}): ApplicationSet {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, labels: { team: 'shop' } },
    spec: {
      goTemplate: true,
      generators: [{ matrix: { generators: [{ list: { elements: [{ name: 'a' }] } }, { clusters: {} }] } }],
      template: {
        metadata: { name: '{{.name}}' },
        spec: {
          project: 'default',
          source: { repoURL: 'https://git.example.invalid/x', path: '.' },
          destination: { server: '{{.server}}' },
        },
      },
      ...changes,
    },
  }
}

const create = (wanted: ApplicationSet, query: { upsert?: boolean; dryRun?: boolean } = {}) =>
  client.api.call(routes.applicationSets.create, { body: wanted, query })

test('an ApplicationSet is created, kept to the letter, changed and deleted', async () => {
  const created = await create(applicationSet('shop'))
  expect(created.spec).toEqual(applicationSet('shop').spec)
  expect((await create(applicationSet('shop'))).metadata.uid).toBe(created.metadata.uid)
  await expect(create(applicationSet('shop', { goTemplate: false }))).rejects.toThrow(/upsert/)
  expect((await create(applicationSet('shop', { goTemplate: false }), { upsert: true })).spec.goTemplate).toBe(false)
  const values = [{ list: { elements: [{ values: { unset: null } }] } }]
  const withNull = await create(applicationSet('shop', { generators: values }), { upsert: true })
  expect(withNull.spec.generators).toEqual(values)
  const list = (query: object) => client.api.call(routes.applicationSets.list, { query })
  expect((await list({ selector: 'team=shop' })).items).toHaveLength(1)
  expect((await list({ selector: 'team=other' })).items).toEqual([])
  expect((await list({ projects: ['other'] })).items).toEqual([])
  const params = { name: 'shop' }
  const { items: events } = await client.api.call(routes.applicationSets.events, { params })
  const own = events.filter(({ source }) => source?.component === 'argocd-server')
  expect(own).toHaveLength(3)
  const tree = () => client.api.call(routes.applicationSets.resourceTree, { params })
  await expect.poll(async () => (await tree()).nodes?.map(({ name }) => name)).toEqual(['a'])
  await client.api.call(routes.applicationSets.delete, { params })
  await expect(client.api.call(routes.applicationSets.get, { params })).rejects.toMatchObject({ status: 403, code: 7 })
})

test('an ApplicationSet that cannot be meant so is refused', async () => {
  const templated = applicationSet('wrong')
  templated.spec.template.spec.project = '{{.project}}'
  await expect(create(templated)).rejects.toThrow(/has to be one project/)
  const elsewhere = applicationSet('wrong')
  elsewhere.spec.template.spec.project = 'missing'
  await expect(create(elsewhere)).rejects.toThrow(/project missing, which does not exist/)
  await expect(create(applicationSet('wrong', { generators: [{ lists: {} }] }))).rejects.toThrow(/generators\[0\]/)
  const outside = applicationSet('wrong')
  outside.metadata.namespace = 'kube-system'
  await expect(create(outside)).rejects.toMatchObject({ status: 403 })
})

test('what would be generated is answered, or why it cannot be', async () => {
  const unreadable = applicationSet('dry', { goTemplate: true, goTemplateOptions: ['unknown'] })
  const body = { applicationSet: unreadable }
  await expect(create(unreadable, { dryRun: true })).rejects.toMatchObject({ status: 400 })
  await expect(client.api.call(routes.applicationSets.generate, { body })).rejects.toThrow(/goTemplateOptions/)
  const { applications } = await client.api.call(routes.applicationSets.generate, {
    body: { applicationSet: applicationSet('dry') },
  })
  expect(applications.map(({ metadata, spec }) => [metadata.name, spec.destination.server])).toEqual([
    ['a', 'https://kubernetes.default.svc'],
  ])
})

test('changes are streamed, those that are there first', async () => {
  await create(applicationSet('first'))
  const told: string[] = []
  const stopping = new AbortController()
  const watching = (async () => {
    const query = { selector: 'team=shop' }
    for await (const { type, applicationSet: one } of client.api.stream(routes.applicationSets.watch, {
      query,
      signal: stopping.signal,
    })) {
      // Its status is written meanwhile.
      if (type !== 'MODIFIED' || one?.spec.goTemplate === false) told.push(`${type} ${one?.metadata.name}`)
    }
  })().catch(() => {})
  await expect.poll(() => told).toEqual(['ADDED first'])
  await create(applicationSet('second'))
  await expect.poll(() => told).toEqual(['ADDED first', 'ADDED second'])
  await create(applicationSet('second', { goTemplate: false }), { upsert: true })
  await client.api.call(routes.applicationSets.delete, { params: { name: 'first' } })
  await expect.poll(() => told).toEqual(expect.arrayContaining(['MODIFIED second', 'DELETED first']))
  stopping.abort()
  await watching
})
