import { describe, expect, test } from 'vitest'
import type { KubeObject, ManagedFieldsEntry } from '../model/index.ts'
import { fieldDrifts } from './field-drifts.ts'

type Entry = Pick<ManagedFieldsEntry, 'manager' | 'fieldsV1'> & Partial<ManagedFieldsEntry>

function deployment(spec: object, managedFields: Entry[] = [], metadata: object = {}): KubeObject {
  const entries = managedFields.map((entry) => ({ operation: 'Update' as const, apiVersion: 'apps/v1', ...entry }))
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...metadata, ...(entries.length > 0 && { managedFields: entries }) },
    spec,
  } as KubeObject
}

const pod = (...containers: object[]) => ({ template: { spec: { containers } } })
const owned = (name: string, item: object) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { [`k:{"name":"${name}"}`]: item } } } },
})
const ours = (fieldsV1: Record<string, unknown>): Entry => ({
  manager: 'argocd-controller',
  operation: 'Apply',
  time: '2026-01-01T10:00:00Z',
  fieldsV1,
})
const edit = (fieldsV1: Record<string, unknown>): Entry => ({
  manager: 'kubectl-edit',
  time: '2026-01-01T11:00:00Z',
  fieldsV1,
})
const editor = { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T11:00:00Z' }

describe('a drift', () => {
  test('names the field, both values, and who changed it when', () => {
    const desired = deployment(pod({ name: 'web', image: 'shop:1' }))
    const live = deployment(pod({ name: 'web', image: 'shop:2' }), [
      ours(owned('web', { 'f:name': {} })),
      edit(owned('web', { 'f:image': {} })),
    ])
    const predicted = deployment(desired.spec as object, [ours(owned('web', { 'f:name': {}, 'f:image': {} }))])
    expect(fieldDrifts({ desired, live, predicted })).toEqual([
      {
        path: 'spec.template.spec.containers[name=web].image',
        desired: 'shop:1',
        live: 'shop:2',
        author: editor,
      },
    ])
  })

  test('of a field that Git dropped has no desired value', () => {
    const live = deployment({ replicas: 2, paused: true }, [ours({ 'f:spec': { 'f:replicas': {}, 'f:paused': {} } })])
    const predicted = deployment({ replicas: 2 }, [ours({ 'f:spec': { 'f:replicas': {} } })])
    expect(fieldDrifts({ desired: deployment({ replicas: 2 }), live, predicted })).toMatchObject([
      { path: 'spec.paused', live: true, author: { manager: 'argocd-controller', operation: 'Apply' } },
    ])
  })

  test('shows the default that takes the place of a field that Git dropped', () => {
    const live = deployment({ replicas: 5 }, [ours({ 'f:spec': { 'f:replicas': {} } })])
    const predicted = deployment({ replicas: 1 }, [ours({ 'f:metadata': {} })])
    expect(fieldDrifts({ desired: deployment({}), live, predicted })).toMatchObject([
      { path: 'spec.replicas', desired: 1, live: 5 },
    ])
  })

  test('of a keyed item that is missing is one drift', () => {
    const live = deployment(pod({ name: 'web' }), [ours(owned('web', { 'f:name': {} }))])
    const both = { ...owned('web', { 'f:name': {} }) }
    const predicted = deployment(pod({ name: 'web' }, { name: 'log', image: 'l' }), [
      ours(both),
      ours(owned('log', { 'f:name': {}, 'f:image': {} })),
    ])
    expect(fieldDrifts({ desired: predicted, live, predicted })).toEqual([
      { path: 'spec.template.spec.containers[name=log]', desired: { name: 'log', image: 'l' } },
    ])
  })

  test('of an atomic list of maps is told by its place', () => {
    const rules = (...verbs: string[]) => [{ verbs: ['get'] }, { verbs }]
    const live = deployment({ rules: rules('list') }, [edit({ 'f:spec': { 'f:rules': {} } })])
    const predicted = deployment({ rules: rules('watch') }, [ours({ 'f:spec': { 'f:rules': {} } })])
    expect(fieldDrifts({ desired: predicted, live, predicted })).toEqual([
      { path: 'spec.rules[1].verbs', desired: ['watch'], live: ['list'], author: editor },
    ])
  })

  test('of a set names the member', () => {
    const set = (...names: string[]) => ({
      'f:metadata': { 'f:finalizers': Object.fromEntries(names.map((name) => [`v:"${name}"`, {}])) },
    })
    const live = deployment({}, [ours(set('x/a', 'x/b'))], { finalizers: ['x/a', 'x/b'] })
    const predicted = deployment({}, [ours(set('x/b'))], { finalizers: ['x/b'] })
    expect(fieldDrifts({ desired: predicted, live, predicted })).toMatchObject([
      { path: 'metadata.finalizers[x/a]', live: 'x/a' },
    ])
  })

  test('of the order alone shows the list', () => {
    const sets = [ours(owned('a', { 'f:name': {} })), ours(owned('b', { 'f:name': {} }))]
    const live = deployment(pod({ name: 'a' }, { name: 'b' }), sets)
    const predicted = deployment(pod({ name: 'b' }, { name: 'a' }), sets)
    const [drift, ...more] = fieldDrifts({ desired: predicted, live, predicted })
    expect(drift).toMatchObject({ path: 'spec.template.spec.containers', live: [{ name: 'a' }, { name: 'b' }] })
    expect(more).toEqual([])
  })

  test('of integers beyond what a number can hold is exact', () => {
    const fields = { 'f:spec': { 'f:paused': {}, 'f:ids': { 'v:9007199254740993': {} } } }
    const live = deployment({ paused: 9007199254740993n, ids: [9007199254740993n] }, [edit(fields)])
    const predicted = deployment({ paused: 9007199254740992n, ids: [] }, [ours(fields)])
    expect(fieldDrifts({ desired: predicted, live, predicted })).toEqual([
      { path: 'spec.paused', desired: 9007199254740992n, live: 9007199254740993n, author: editor },
      { path: 'spec.ids[9007199254740993]', live: 9007199254740993n, author: editor },
    ])
  })

  test('quotes names that are no plain words', () => {
    const fields = { 'f:metadata': { 'f:annotations': { 'f:example.com/a': {} } } }
    const live = deployment({}, [edit(fields)], { annotations: { 'example.com/a': '2' } })
    const predicted = deployment({}, [ours(fields)], { annotations: { 'example.com/a': '1' } })
    expect(fieldDrifts({ desired: predicted, live, predicted })).toMatchObject([
      { path: "metadata.annotations['example.com/a']", desired: '1', live: '2', author: editor },
    ])
  })
})

describe('the author of a missing field', () => {
  const fields = { 'f:spec': { 'f:paused': {} } }
  const desired = deployment({ paused: true })
  const live = deployment({}, [ours({ 'f:metadata': {} }), edit({ 'f:metadata': {} })])
  const predicted = deployment({ paused: true }, [ours(fields)])

  test('is the last writer, when the same desired state was in sync before', () => {
    expect(fieldDrifts({ desired, live, predicted, wasSynced: true })).toEqual([
      { path: 'spec.paused', desired: true, author: editor },
    ])
  })

  test('is nobody otherwise: Git may just have added it', () => {
    expect(fieldDrifts({ desired, live, predicted })).toEqual([{ path: 'spec.paused', desired: true }])
  })
})

describe('no drift', () => {
  test('is a change that an admission webhook makes to a field that Git does not declare', () => {
    const fields = { 'f:spec': { 'f:replicas': {} } }
    const live = deployment({ replicas: 1 }, [ours(fields)])
    const predicted = deployment({ replicas: 1 }, [ours(fields)], { annotations: { stamped: 'now' } })
    expect(fieldDrifts({ desired: deployment({ replicas: 1 }), live, predicted })).toEqual([])
    expect(fieldDrifts({ desired: deployment({ replicas: 1 }), live, predicted, includeMutations: true })).toHaveLength(
      1,
    )
  })

  test('is status, nor what the server counts', () => {
    const live = { ...deployment({}, [], { resourceVersion: '1', generation: 1 }), status: { replicas: 1 } }
    const predicted = deployment({}, [], { resourceVersion: '2', generation: 2 })
    expect(fieldDrifts({ desired: deployment({}), live, predicted })).toEqual([])
  })
})

describe('an object that was applied client-side', () => {
  const lastApplied = (config: object) => ({
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(config) },
  })
  const clientSide = (fieldsV1: Record<string, unknown>): Entry => ({ manager: 'kubectl-client-side-apply', fieldsV1 })
  const applied = lastApplied({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 1, paused: true },
  })
  const live = (...more: Entry[]) =>
    deployment(
      { replicas: 1, paused: true },
      [clientSide({ 'f:spec': { 'f:replicas': {}, 'f:paused': {} } }), ...more],
      applied,
    )
  const predicted = (...more: Entry[]) => {
    const { managedFields = [], ...metadata } = live(...more).metadata
    return deployment(
      { replicas: 1, paused: true },
      [...managedFields, ours({ 'f:spec': { 'f:replicas': {} } })],
      metadata,
    )
  }
  const desired = deployment({ replicas: 1 })

  test('drifts in what Git has dropped since, which a dry-run does not show', () => {
    expect(fieldDrifts({ desired, live: live(), predicted: predicted() })).toEqual([
      { path: 'spec.paused', live: true, author: { manager: 'kubectl-client-side-apply', operation: 'Update' } },
    ])
  })

  test('does not drift in what somebody else owns by now', () => {
    const other = { manager: 'pauser', fieldsV1: { 'f:spec': { 'f:paused': {} } } }
    expect(fieldDrifts({ desired, live: live(other), predicted: predicted(other) })).toEqual([])
  })

  test('does not drift in what was never declared', () => {
    const extra = deployment({ replicas: 1, paused: true, minReadySeconds: 3 }, live().metadata.managedFields, applied)
    const wanted = deployment({ replicas: 1, paused: true })
    expect(fieldDrifts({ desired: wanted, live: extra, predicted: extra })).toEqual([])
  })
})

test('a Secret’s drifts show no values', () => {
  const secret = (data: object): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data })
  const drifts = fieldDrifts({
    desired: secret({ password: 'bmV3' }),
    live: secret({ password: 'b2xk', gone: 'eA==' }),
    predicted: secret({ password: 'bmV3', come: 'eQ==' }),
  })
  expect(drifts).toEqual([
    { path: 'data.password', desired: '++++++++', live: '++++++++++++' },
    { path: 'data.gone', live: '++++++++++++' },
    { path: 'data.come', desired: '++++++++' },
  ])
})
