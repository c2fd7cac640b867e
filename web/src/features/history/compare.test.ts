import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Application } from '../../lib/api.ts'
import { asDeclared, compareManifests, fieldChanges, liveAsDeclared, type Manifest } from './compare.ts'
import { deploymentsOf, reversalTo } from './deployments.ts'

const object = (name: string, more: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  ...more,
})

describe('two deployments', () => {
  test('differ in what was added, removed and changed', () => {
    const before = [object('same'), object('gone'), object('config', { data: { a: '1' } })]
    const after = [object('same'), object('new'), object('config', { data: { a: '2' } })]
    const { changes, unchanged, hasSecrets } = compareManifests(before, after)
    expect(changes.map(({ name, change }) => [name, change])).toEqual([
      ['config', 'changed'],
      ['gone', 'removed'],
      ['new', 'added'],
    ])
    expect(changes[0]?.fields).toEqual([{ path: 'data.a', before: '1', after: '2' }])
    expect(unchanged).toBe(1)
    expect(hasSecrets).toBe(false)
  })

  test('another version of its API leaves an object the same object', () => {
    const [change] = compareManifests(
      [object('a', { apiVersion: 'x/v1' })],
      [object('a', { apiVersion: 'x/v2' })],
    ).changes
    expect(change).toMatchObject({ change: 'changed', fields: [{ path: 'apiVersion' }] })
  })

  test('nothing differs from itself', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => fieldChanges(value, structuredClone(value)).length === 0))
  })
})

test('lists whose items have names are compared by name, others by place', () => {
  const before = [{ name: 'a', image: '1' }, { name: 'b' }]
  expect(fieldChanges({ list: before }, { list: [{ name: 'b' }, { name: 'a', image: '2' }] })).toEqual([
    { path: 'list[name=a].image', before: '1', after: '2' },
  ])
  expect(fieldChanges({ list: [1, 2] }, { list: [1, 3] })).toEqual([{ path: 'list[1]', before: 2, after: 3 }])
  expect(fieldChanges({ 'a.b/c': 1 }, {})).toEqual([{ path: '["a.b/c"]', before: 1, after: undefined }])
})

test('of what is live only declared fields count, and what is not declared at all', () => {
  const live = { spec: { replicas: 2, list: [{ name: 'a', set: 1, x: 2 }, { name: 'b' }] }, status: {} }
  expect(asDeclared(live, { spec: { replicas: 1, list: [{ name: 'a', x: 1 }] } })).toEqual({
    spec: { replicas: 2, list: [{ name: 'a', x: 2 }, { name: 'b' }] },
  })
  const extra = object('extra', { data: {} })
  expect(liveAsDeclared([extra, object('a', { data: {} })], [object('a')])).toEqual([extra, object('a')])
})

const commit = (digit: string) => digit.repeat(40)

function application(history: object[], annotations: Record<string, string> = {}): Application {
  return { metadata: { name: 'shop', annotations }, status: { history } } as unknown as Application
}
const source = { repoURL: 'https://git.example/shop' }

describe('the history', () => {
  const app = application(
    [
      { id: 4, deployedAt: '', source, revision: commit('a') },
      { id: 5, deployedAt: '', source, revision: commit('b') },
    ],
    { 'tiphys.dev/pin': '{"id":4,"by":"ann"}' },
  )

  test('has the newest first, each knowing the one before it, the last and the pinned marked', () => {
    expect(
      deploymentsOf(app).map(({ entry, previous, isLast, isPinned }) => [entry.id, previous, isLast, isPinned]),
    ).toEqual([
      [5, 4, true, false],
      [4, undefined, false, true],
    ])
  })

  test('a way back by commits is there for one repository and two commits', () => {
    const [last, first] = deploymentsOf(app)
    expect(first && reversalTo(first, last)).toEqual({ repository: source.repoURL, from: commit('a'), to: commit('b') })
    expect(last && reversalTo(last, last)).toBeUndefined()
    const charts = [1, 2].map((id) => ({ id, source: { ...source, chart: 'shop' }, revision: `1.0.${id}` }))
    const [newer, older] = deploymentsOf(application(charts))
    expect(older && reversalTo(older, newer)).toBeUndefined()
  })
})
