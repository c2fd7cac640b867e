import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { ApplicationCounter } from './application-counts.ts'
import { type ApplicationQuery, applicationFilter, isAskedFor } from './application-filter.ts'
import { pageOf } from './application-order.ts'
import { openApplicationTexts } from './application-texts.ts'
import { parseFields } from './field-selection.ts'

const clusters = [{ name: 'prod', server: 'https://prod.example.com' }]
const context = {
  clusterOf: ({ name, server }: { name?: string; server?: string }) =>
    clusters.find((cluster) => cluster.name === name || cluster.server === server),
}

interface Traits {
  project?: string
  health?: string
  sync?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  destination?: object
  repo?: string
  revision?: string
  automated?: boolean
  phase?: string
  version?: string
}

function application(name: string, traits: Traits = {}): Application {
  const {
    project = 'default',
    health = 'Healthy',
    sync = 'Synced',
    labels,
    annotations,
    destination = { name: 'prod' },
  } = traits
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: 'argocd',
      uid: `uid-${name}`,
      resourceVersion: traits.version ?? '1',
      labels,
      annotations,
    },
    spec: {
      project,
      destination,
      source: { repoURL: traits.repo ?? 'https://git.example.com/apps', path: name, targetRevision: traits.revision },
      ...(traits.automated && { syncPolicy: { automated: {} } }),
    },
    status: {
      health: { status: health },
      sync: { status: sync },
      ...(traits.phase && { operationState: { phase: traits.phase } }),
    },
  } as Application
}

const fleet = [
  application('api', { health: 'Degraded', project: 'shop', labels: { team: 'a' }, automated: true }),
  application('billing', {
    sync: 'OutOfSync',
    annotations: { owner: 'a=b', page: 'https://pages.example.com/1,2' },
    destination: { server: 'https://prod.example.com', namespace: 'money' },
  }),
  application('cart', { destination: { name: 'dev' }, repo: 'https://git.example.com/other', revision: 'v2' }),
  application('docs', { phase: 'Failed', labels: { team: 'a', tier: 'web' } }),
]

function names(query: ApplicationQuery): string[] {
  const filter = applicationFilter(query, context)
  return fleet.filter((one) => isAskedFor(one, filter)).map(({ metadata }) => metadata.name)
}

const cases: [query: ApplicationQuery, found: string[]][] = [
  [{}, ['api', 'billing', 'cart', 'docs']],
  [{ name: 'api' }, ['api']],
  [{ projects: ['shop'] }, ['api']],
  [{ project: ['shop'], projects: ['default'] }, ['api']],
  [{ selector: 'team=a,!tier' }, ['api']],
  [{ repo: ['https://git.example.com/other'] }, ['cart']],
  [{ health: ['Degraded', 'Missing'] }, ['api']],
  [{ sync: 'OutOfSync' }, ['billing']],
  [{ cluster: ['prod'] }, ['api', 'billing', 'docs']],
  [{ cluster: ['https://prod.example.com'] }, ['api', 'billing', 'docs']],
  [{ cluster: ['dev'] }, ['cart']],
  [{ namespace: ['money'] }, ['billing']],
  [{ targetRevision: ['HEAD'] }, ['api', 'billing', 'docs']],
  [{ autoSync: true }, ['api']],
  [{ autoSync: false }, ['billing', 'cart', 'docs']],
  [{ phase: ['Failed'] }, ['docs']],
  [{ standing: ['degraded', 'failed'] }, ['api', 'docs']],
  [{ names: ['api', 'argocd/cart', 'other/docs'] }, ['api', 'cart']],
  [{ annotations: ['owner=a=b', 'page'] }, ['billing']],
  [{ annotations: ['owner', 'owner=a'] }, []],
  [{ search: 'SHOP api' }, ['api']],
  [{ search: 'money' }, ['billing']],
  [{ search: 'prod.example' }, ['api', 'billing', 'docs']],
  [{ search: 'tier=web' }, ['docs']],
  [{ appNamespace: 'elsewhere' }, []],
]
for (const [query, found] of cases) {
  test(`${JSON.stringify(query)} finds ${found.join(', ') || 'nothing'}`, () => expect(names(query)).toEqual(found))
}

test('each facet is counted as if nothing were chosen in it', () => {
  const filter = applicationFilter({ health: ['Degraded'] }, context)
  const { counts, matching } = new ApplicationCounter().count(fleet, filter)
  expect(matching.map(({ metadata }) => metadata.name)).toEqual(['api'])
  expect(counts).toMatchObject({ total: 4, matching: 1 })
  expect(counts.facets.health).toEqual({ Healthy: 3, Degraded: 1 })
  expect(counts.facets.sync).toEqual({ Synced: 1 })
  expect(counts.facets.label).toEqual({ 'team=a': 1 })
})

test('the counts of a facet are what choosing each of its values would find', () => {
  const { counts } = new ApplicationCounter().count(fleet, applicationFilter({ project: ['default'] }, context))
  for (const [value, count] of Object.entries(counts.facets.cluster))
    expect(names({ project: ['default'], cluster: [value] })).toHaveLength(count)
})

const traits = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  health: fc.constantFrom('Healthy', 'Degraded', 'Missing'),
  sync: fc.constantFrom('Synced', 'OutOfSync'),
  project: fc.constantFrom('default', 'shop'),
  labels: fc.dictionary(fc.constantFrom('team', 'tier'), fc.constantFrom('x', 'y')),
})
const someApplications = fc
  .uniqueArray(traits, { selector: ({ name }) => name })
  .map((given) => given.map(({ name, ...others }) => application(name, others)))
const someChoices = fc.record(
  {
    health: fc.constant<string[]>(['Degraded']),
    sync: fc.constant('Synced'),
    project: fc.constant<string[]>(['shop']),
    name: fc.constant('a'),
  },
  { requiredKeys: [] },
)

test('what was counted for the list before changes no count of the next', () => {
  const lists = fc.array(fc.tuple(someApplications, fc.array(fc.nat(5)), someChoices), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(lists, (given) => {
      const counter = new ApplicationCounter()
      let before: Application[] = []
      for (const [next, stays, query] of given) {
        // Some are the same objects as before, each in its place.
        const list = next.map((one, index) => (stays.includes(index) ? (before[index] ?? one) : one))
        const filter = applicationFilter(query, context)
        const candidates = list.filter(filter.isCandidate)
        expect(counter.count(candidates, filter)).toEqual(new ApplicationCounter().count(candidates, filter))
        expect(counter.count(candidates, filter).counts.facets.label).toEqual(labelsOf(candidates, query))
        before = list
      }
    }),
    { numRuns: 40 },
  )
})

function labelsOf(candidates: Application[], query: ApplicationQuery): Record<string, number> {
  const asked = candidates.filter((one) => isAskedFor(one, applicationFilter(query, context)))
  const labels = asked.flatMap(({ metadata }) => Object.entries(metadata.labels ?? {}).map((pair) => pair.join('=')))
  return Object.fromEntries([...new Set(labels)].map((label) => [label, labels.filter((one) => one === label).length]))
}

test('of very many values, those that most applications have are told', () => {
  const many = Array.from({ length: 1200 }, (_, index) =>
    application(`app-${index}`, { labels: { one: String(index), some: String(index % 3) } }),
  )
  const { label } = new ApplicationCounter().count(many, applicationFilter({}, context)).counts.facets
  expect(Object.keys(label)).toHaveLength(500)
  expect(Object.entries(label).slice(0, 3)).toEqual([
    ['some=0', 400],
    ['some=1', 400],
    ['some=2', 400],
  ])
})

test('a list is sorted by name unless asked otherwise, and by the worst last', () => {
  const sorted = (sort?: string) =>
    pageOf([...fleet].reverse(), { sort }, context).items.map(({ metadata }) => metadata.name)
  expect(sorted()).toEqual(['api', 'billing', 'cart', 'docs'])
  expect(sorted('-health')).toEqual(['api', 'billing', 'cart', 'docs'])
  expect(sorted('sync')).toEqual(['api', 'cart', 'docs', 'billing'])
  expect(sorted('-standing')).toEqual(['api', 'docs', 'billing', 'cart'])
  expect(sorted('cluster')).toEqual(['cart', 'api', 'billing', 'docs'])
  expect(sorted('label:team,-sync')).toEqual(['billing', 'cart', 'api', 'docs'])
  expect(() => sorted('toString')).toThrow(/cannot sort by toString: sort by name/)
})

test('continue of another order, or of nowhere, is refused in words', () => {
  const { next } = pageOf(fleet, { limit: 1 }, context)
  expect(() => pageOf(fleet, { limit: 1, sort: 'health', continue: next }, context)).toThrow(/sorted by name/)
  expect(() => pageOf(fleet, { continue: 'bm9uc2Vuc2U' }, context)).toThrow(/begin again/)
})

const someNames = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 30 })

test('page by page, what stays is told exactly once, whatever comes and goes in between', () => {
  fc.assert(
    fc.property(someNames, someNames, someNames, fc.integer({ min: 1, max: 5 }), (stay, first, later, limit) => {
      const lasting = new Set(stay)
      const now = (others: string[]) => [...new Set([...stay, ...others])].map((name) => application(name))
      const told: string[] = []
      let request: { limit: number; continue?: string } | undefined = { limit }
      let turn = 0
      while (request) {
        const { items, next } = pageOf(now(turn++ % 2 === 0 ? first : later), request, context)
        told.push(...items.map(({ metadata }) => metadata.name))
        request = next === undefined ? undefined : { limit, continue: next }
      }
      expect(told.filter((name) => lasting.has(name))).toEqual([...stay].sort())
      expect(new Set(told).size).toBe(told.length)
    }),
  )
})

test('the text of an application follows its version and the fields that are asked for', () => {
  const texts = openApplicationTexts()
  const some = parseFields('metadata.resourceVersion')
  const before = texts.of(application('api'), some)
  expect(before.json.toString()).toBe('{"metadata":{"resourceVersion":"1"}}')
  expect(texts.of(application('api'), some)).toBe(before)
  expect(texts.of(application('api', { version: '2' }), some).json.toString()).toContain('"2"')
  expect(texts.of(application('api'), some)).not.toBe(before)
  expect(JSON.parse(texts.of(application('api'), 'all').json.toString())).toEqual(application('api'))
})
