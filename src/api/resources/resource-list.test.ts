import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { pageOf } from './resource-page.ts'
import { choose, type ResourceQuery, type ResourceRow, rowsOf, shownRow } from './resource-rows.ts'

const context = {
  controlNamespace: 'argocd',
  clusterName: ({ name, server }: { name?: string; server?: string }) => name ?? server ?? '',
}

function application(name: string, resources: object[], project = 'default'): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: { project, destination: { name: 'prod' } },
    status: { resources },
  } as unknown as Application
}

const web = application('web', [
  {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'Web',
    status: 'OutOfSync',
    health: { status: 'Degraded', message: 'no' },
  },
  { kind: 'Service', namespace: 'shop', name: 'web', status: 'Synced', health: { status: 'Healthy' } },
])
const tools = application(
  'tools',
  [{ kind: 'ConfigMap', namespace: 'ops', name: 'settings', status: 'Synced' }],
  'team',
)
const rows = [web, tools].flatMap((one) => rowsOf(one, context))

function names(query: ResourceQuery): string[] {
  return choose(rows, query, { counted: false }).matching.map(({ resource }) => `${resource.kind} ${resource.name}`)
}

test('rows say what an object is, how it is, and whose', () => {
  expect(rows.map(shownRow)[0]).toEqual({
    group: 'apps',
    version: '',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'Web',
    sync: 'OutOfSync',
    health: 'Degraded',
    healthMessage: 'no',
    application: 'web',
    applicationNamespace: 'argocd',
    project: 'default',
    cluster: 'prod',
  })
  expect(rows.map(shownRow)[2]).toMatchObject({ health: 'None', project: 'team' })
})

test('words are looked for everywhere, and choices of several facets all have to be met', () => {
  expect(names({ search: 'WEB deploy' })).toEqual(['Deployment Web'])
  expect(names({ search: 'tools' })).toEqual(['ConfigMap settings'])
  expect(names({ kind: 'apps/Deployment' })).toEqual(['Deployment Web'])
  expect(names({ kind: ['Service', 'ConfigMap'], namespace: 'ops' })).toEqual(['ConfigMap settings'])
  expect(names({ health: 'None', project: 'team', cluster: 'prod', application: 'tools', sync: 'Synced' })).toEqual([
    'ConfigMap settings',
  ])
})

test('a facet is counted as if nothing were chosen in it', () => {
  const { counts } = choose(rows, { sync: 'Synced' }, { counted: true })
  expect(counts).toMatchObject({
    total: 3,
    matching: 2,
    facets: { sync: { Synced: 2, OutOfSync: 1 }, kind: { Service: 1, ConfigMap: 1 } },
  })
  expect(counts?.facets.kind).not.toHaveProperty('apps/Deployment')
})

const row = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom(undefined, 'x', 'y'),
  kind: fc.constantFrom('Pod', 'Service'),
  application: fc.constantFrom('one', 'two', 'three'),
  health: fc.constantFrom(undefined, 'Healthy', 'Degraded'),
  status: fc.constantFrom('Synced', 'OutOfSync'),
})
const distinct = fc
  .uniqueArray(row, {
    selector: ({ name, namespace, kind, application }) => [name, namespace, kind, application].join(),
  })
  .map((all) =>
    all.flatMap(({ application: of, health, ...one }) =>
      rowsOf(application(of, [{ ...one, ...(health && { health: { status: health } }) }]), context),
    ),
  )

test('pages laid together are the whole list in its order, each row once', () => {
  const sort = fc.constantFrom('name', '-name', 'kind', 'namespace', '-application', 'health', '-sync')
  fc.assert(
    fc.property(distinct, sort, fc.integer({ min: 1, max: 7 }), (all, order, limit) => {
      const whole = pageOf(all, { sort: order, limit: 1000 }).items
      expect(new Set(whole)).toEqual(new Set(all))
      const laid: ResourceRow[] = []
      let token: string | undefined
      do {
        const page = pageOf(all, { sort: order, limit, ...(token && { continue: token }) })
        laid.push(...page.items)
        expect(page.remaining).toBe(all.length - laid.length)
        token = page.next
      } while (token)
      expect(laid).toEqual(whole)
    }),
  )
})

test('the worst come first when a list of health is turned round', () => {
  expect(pageOf(rows, { sort: '-health' }).items.map((one) => shownRow(one).health)).toEqual([
    'Degraded',
    'Healthy',
    'None',
  ])
})

test('unknown orders and tokens of others are refused', () => {
  expect(() => pageOf(rows, { sort: 'age' })).toThrow('cannot sort by age')
  expect(() => pageOf(rows, { continue: 'x' })).toThrow('begin again')
  const { next = '' } = pageOf(rows, { limit: 1 })
  expect(() => pageOf(rows, { sort: 'kind', continue: next })).toThrow('sorted by name')
})

test('a hundred thousand objects are chosen, counted and paged in well under a second', () => {
  const many = Array.from({ length: 1000 }, (_, at) =>
    application(
      `app-${at}`,
      Array.from({ length: 100 }, (_, index) => ({
        group: 'apps',
        kind: `Kind${index % 20}`,
        namespace: `ns-${at % 50}`,
        name: `object-${(at * 7919 + index * 104_729) % 100_003}`,
        status: 'Synced',
        health: { status: 'Healthy' },
      })),
    ),
  )
  // Of this process: others may be using the machine.
  const started = process.cpuUsage().user
  const all = many.flatMap((one) => rowsOf(one, context))
  const { matching } = choose(all, { search: 'object', health: 'Healthy' }, { counted: true })
  expect(pageOf(matching, { sort: '-kind' }).items).toHaveLength(200)
  expect((process.cpuUsage().user - started) / 1000).toBeLessThan(1000)
})
