import fc from 'fast-check'
import { expect, test } from 'vitest'
import { summarise } from './generators.ts'

test('a generator says what kind it is, and where its values come from', () => {
  expect(
    summarise({
      git: {
        repoURL: 'https://git.example.com/apps',
        revision: 'HEAD',
        directories: [{ path: 'apps/*' }, { path: 'apps/old', exclude: true }],
      },
    }),
  ).toEqual({
    kind: 'git',
    facts: [
      { name: 'repoURL', value: 'https://git.example.com/apps' },
      { name: 'revision', value: 'HEAD' },
      { name: 'directories', value: 'path: apps/*\npath: apps/old, exclude: true' },
    ],
    children: [],
  })
  expect(summarise({ clusters: { selector: { matchLabels: { env: 'prod' } } } }).facts).toEqual([
    { name: 'selector', value: 'matchLabels: {env: prod}' },
  ])
})

test('a matrix shows what it multiplies, and a long list its beginning', () => {
  const elements = Array.from({ length: 8 }, (_, at) => ({ name: `n${at}` }))
  const summary = summarise({ matrix: { generators: [{ list: { elements } }, { clusters: {} }] } })
  expect(summary).toMatchObject({
    kind: 'matrix',
    facts: [],
    children: [{ kind: 'list' }, { kind: 'clusters', facts: [] }],
  })
  expect(summary.children[0]?.facts).toEqual([
    { name: 'elements (8)', value: 'name: n0\nname: n1\nname: n2\nname: n3\nname: n4\n… +3' },
  ])
})

test('whatever somebody has written is shown, and nothing fails', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { kind, facts } = summarise(value)
      expect(kind).toBeTypeOf('string')
      for (const fact of facts) expect(fact.value).toBeTypeOf('string')
    }),
  )
})
