import { expect, test } from 'vitest'
import type { ApplicationSpec } from '../../model/index.ts'
import { withFlags } from './flags.ts'
import { withoutSource, withoutValues, withSource } from './source-commands.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web' }
const spec: ApplicationSpec = { project: 'default', destination: { name: 'in-cluster' }, source }

test('a second source makes a list of the first', () => {
  const both = withSource(spec, { repo: 'https://charts.example.com', helmChart: 'web', sourceName: 'chart' })
  expect(both).not.toHaveProperty('source')
  expect(both.sources).toEqual([source, { name: 'chart', repoURL: 'https://charts.example.com', chart: 'web' }])
  expect(withoutSource(both, { sourceName: 'chart' }).sources).toEqual([source])
  expect(withoutSource(both, { sourcePosition: 1 }).sources?.[0]?.name).toBe('chart')
  expect(() => withoutSource(spec, { sourcePosition: 1 })).toThrow(/no several sources/)
  expect(() => withSource(spec, {})).toThrow(/--repo/)
})

test('of several sources the one that is changed has to be named', () => {
  const both = withSource(spec, { repo: 'https://charts.example.com', sourceName: 'chart' })
  expect(() => withFlags(both, { path: 'api' })).toThrow(/--source-position or --source-name/)
  expect(withFlags(both, { path: 'api', sourcePosition: 1 }).sources?.map(({ path }) => path)).toEqual([
    'api',
    undefined,
  ])
  expect(() => withFlags(both, { path: 'api', sourceName: 'other' })).toThrow(/no source other: chart/)
})

test('values are taken back, and a part with nothing in it goes with them', () => {
  const helm = { parameters: [{ name: 'a', value: '1' }], valueFiles: ['prod.yaml'], values: 'b: 2' }
  const given = { ...spec, source: { ...source, helm } }
  expect(withoutValues(given, { parameter: ['a'], valuesLiteral: true }).source?.helm).toEqual({
    parameters: [],
    valueFiles: ['prod.yaml'],
  })
  const all = { parameter: ['a'], values: ['prod.yaml'], valuesLiteral: true }
  expect(withoutValues(given, all).source).toEqual(source)
  const images = { ...spec, source: { ...source, kustomize: { images: ['web:1', 'api=api:2'], namePrefix: 'x-' } } }
  expect(withoutValues(images, { kustomizeImage: ['web'], nameprefix: true }).source?.kustomize).toEqual({
    images: ['api=api:2'],
  })
  expect(() => withoutValues(given, {})).toThrow(/--help/)
})

test('flags of one tool are put in beside what is there', () => {
  const once = withFlags(spec, { jsonnetExtVarStr: ['a=1'], jsonnetExtVarCode: ['b=2'], helmSkipCrds: true })
  expect(once.source?.directory?.jsonnet?.extVars).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: '2', code: true },
  ])
  expect(once.source?.helm).toEqual({ skipCrds: true })
  const twice = withFlags(once, { jsonnetExtVarStr: ['c=3'], helmSetFile: ['k=path'] })
  expect(twice.source?.directory?.jsonnet?.extVars?.map(({ name }) => name)).toEqual(['b', 'c'])
  expect(twice.source?.helm).toEqual({ skipCrds: true, fileParameters: [{ name: 'k', path: 'path' }] })
})
