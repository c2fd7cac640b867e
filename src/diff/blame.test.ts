import { describe, expect, test } from 'vitest'
import type { ManagedFieldsEntry } from '../model/index.ts'
import { blame, blameRemoval } from './blame.ts'
import type { FieldPath } from './field-path.ts'

function entry(manager: string, fieldsV1: Record<string, unknown>, more: Partial<ManagedFieldsEntry> = {}) {
  return { manager, operation: 'Update' as const, apiVersion: 'v1', time: '2026-01-01T10:00:00Z', fieldsV1, ...more }
}

const containers = (item: object) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': item } } } },
})
const inContainer = (...rest: FieldPath): FieldPath => [
  'spec',
  'template',
  'spec',
  'containers',
  { key: { name: 'web' } },
  ...rest,
]

describe('the author of a field', () => {
  test.each<[string, FieldPath, Record<string, unknown>]>([
    ['a field', ['spec', 'replicas'], { 'f:spec': { 'f:replicas': {} } }],
    ['a field of an item of a keyed list', inContainer('image'), containers({ 'f:image': {} })],
    ['a whole item of a keyed list', inContainer(), containers({ '.': {}, 'f:name': {} })],
    [
      'a member of a set',
      ['metadata', 'finalizers', { value: 'a/b' }],
      { 'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } } },
    ],
    ['an atomic list', inContainer('args'), containers({ 'f:args': {} })],
    ['a place in an atomic list', inContainer('args', 1), containers({ 'f:args': {} })],
    ['a field below an atomic map', ['spec', 'selector', 'app'], { 'f:spec': { 'f:selector': {} } }],
    ['a map of which it owns a part', ['metadata', 'labels'], { 'f:metadata': { 'f:labels': { 'f:a': {} } } }],
    [
      'an item whose key has more fields than the path names',
      ['spec', 'ports', { key: { port: 80 } }, 'targetPort'],
      { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:targetPort': {} } } } },
    ],
  ])('is found for %s', (_, path, fields) => {
    expect(blame([entry('kubectl-edit', fields)], path)).toEqual({
      manager: 'kubectl-edit',
      operation: 'Update',
      time: '2026-01-01T10:00:00Z',
    })
  })

  test('is told with its subresource', () => {
    const fields = { 'f:spec': { 'f:replicas': {} } }
    const author = blame([entry('kube-controller-manager', fields, { subresource: 'scale' })], ['spec', 'replicas'])
    expect(author).toMatchObject({ manager: 'kube-controller-manager', subresource: 'scale' })
  })

  test('is the last of several, and another before ourselves', () => {
    const fields = { 'f:spec': { 'f:replicas': {} } }
    const at = (time: string) => ({ time: `2026-01-01T${time}:00Z` })
    const ours = entry('argocd-controller', fields, { ...at('12:00'), operation: 'Apply' })
    const entries = [entry('first', fields, at('09:00')), ours, entry('second', fields, at('11:00'))]
    expect(blame(entries, ['spec', 'replicas'])?.manager).toBe('second')
    expect(blame([ours], ['spec', 'replicas'])?.manager).toBe('argocd-controller')
  })

  test('is nobody for what the server filled in', () => {
    const entries = [entry('a', containers({ 'f:image': {} }))]
    expect(blame(entries, inContainer('imagePullPolicy'))).toBeUndefined()
    expect(blame(undefined, ['spec'])).toBeUndefined()
  })
})

describe('the author of a removal', () => {
  const ours = entry('argocd-controller', {}, { operation: 'Apply', time: '2026-01-01T10:00:00Z' })
  const at = (hour: number) => ({ time: `2026-01-01T${hour}:00:00Z` })

  const image = containers({ 'f:image': {} })
  const replicas = { 'f:spec': { 'f:replicas': {} } }

  test('is the only one who wrote since our last apply, subresources aside', () => {
    const entries = [
      { ...entry('before', image), time: '2026-01-01T09:00:00Z' },
      ours,
      entry('kubelet', {}, { ...at(14), subresource: 'status' }),
      entry('kubectl', replicas, { time: undefined, subresource: 'scale' }),
      entry('editor', replicas, at(12)),
    ]
    expect(blameRemoval(entries, inContainer('env'))?.manager).toBe('editor')
  })

  test('is, of several, the one who also wrote beside the field', () => {
    const entries = [ours, entry('scaler', replicas, at(13)), entry('editor', image, at(12))]
    expect(blameRemoval(entries, inContainer('env', { key: { name: 'A' } }))?.manager).toBe('editor')
    expect(blameRemoval(entries, ['spec', 'paused'])).toBeUndefined()
  })

  test('is nobody when it could be several, or when nobody has written since', () => {
    const entries = [ours, entry('one', image, at(13)), entry('two', image, at(12))]
    expect(blameRemoval(entries, inContainer('env'))).toBeUndefined()
    expect(blameRemoval([ours], inContainer('env'))).toBeUndefined()
  })
})
