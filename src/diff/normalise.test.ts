import { expect, test } from 'vitest'
import { contentHash } from '../model/content-hash.ts'
import type { KubeObject } from '../model/index.ts'
import { maskSecrets, maskSecretsAnd } from './mask-secret.ts'
import { normalise } from './normalise.ts'

function object(kind: string, fields: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'a', ...metadata }, ...fields } as KubeObject
}

test('a desired object loses status and what the server writes into metadata', () => {
  const exported = object(
    'Service',
    { spec: { ports: [] }, status: { loadBalancer: {} } },
    { uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: null, managedFields: [], labels: null },
  )
  expect(normalise(exported)).toEqual(object('Service', { spec: { ports: [] } }))
})

test('empty creation times go, wherever templates have left them', () => {
  const template = (metadata: object) => object('Pod', { spec: { template: { metadata }, list: [{ metadata }] } })
  expect(normalise(template({ labels: { a: '1' }, creationTimestamp: null }))).toEqual(template({ labels: { a: '1' } }))
})

test('a Secret’s stringData becomes data, and wins over it', () => {
  const secret = object('Secret', { data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'new', c: 'ü', empty: null } })
  expect(normalise(secret)).toEqual(object('Secret', { data: { a: 'bmV3', b: 'Yg==', c: 'w7w=', empty: '' } }))
})

test('the rules of an aggregated ClusterRole are the controller’s', () => {
  const role = (fields: object) => ({
    ...object('ClusterRole', fields),
    apiVersion: 'rbac.authorization.k8s.io/v1',
  })
  expect(normalise(role({ aggregationRule: { a: 1 }, rules: [] }))).toEqual(role({ aggregationRule: { a: 1 } }))
  expect(normalise(role({ rules: [] }))).toEqual(role({ rules: [] }))
})

test('normalising changes neither its argument nor what is normal already', () => {
  const secret = object('Secret', { stringData: { a: 'b' } }, { creationTimestamp: null })
  const before = structuredClone(secret)
  const normal = normalise(secret)
  expect(secret).toEqual(before)
  expect(normalise(normal)).toEqual(normal)
})

test('the content hash sees the content, and not how it was counted or ordered', () => {
  const one = object('ConfigMap', { data: { a: '1', b: '2' }, status: 'x' }, { resourceVersion: '1', generation: 1 })
  const same = object('ConfigMap', { data: { b: '2', a: '1' } }, { resourceVersion: '2', managedFields: [] })
  expect(contentHash(same)).toBe(contentHash(one))
  expect(contentHash(object('ConfigMap', { data: { a: '1', b: '3' } }))).not.toBe(contentHash(one))
  expect(contentHash(object('ConfigMap', { data: { a: '1', b: '2' } }, { labels: { a: 'b' } }))).not.toBe(
    contentHash(one),
  )
})

test('masked Secrets show which values are equal, and none of the values', () => {
  const applied = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'secret' } }
  const desired = object('Secret', { data: { same: 'eA==', changed: 'MQ==' } })
  const live = object('Secret', { data: { same: 'eA==', changed: 'Mg==' } }, applied)
  const [shownDesired, shownLive, nothing] = maskSecrets(desired, live, undefined)
  expect(shownDesired.data).toEqual({ same: '++++++++', changed: '++++++++' })
  expect(shownLive.data).toEqual({ same: '++++++++', changed: '++++++++++++' })
  expect(shownLive.metadata.annotations).toEqual({ 'kubectl.kubernetes.io/last-applied-configuration': '++++++++' })
  expect(nothing).toBeUndefined()
  expect(live.data).toEqual({ same: 'eA==', changed: 'Mg==' })
})

test('annotations that the settings name are masked in Secrets', () => {
  const settings = object('Secret', {}, { annotations: { token: 'x', other: 'y' } })
  const [masked] = maskSecretsAnd(['token', 'missing'], settings)
  expect(masked.metadata.annotations).toEqual({ token: '++++++++', other: 'y' })
})

test('what is no Secret is shown as it is', () => {
  const settings = object('ConfigMap', { data: { a: '1' } })
  expect(maskSecrets(settings)).toEqual([settings])
})
