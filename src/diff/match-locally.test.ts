import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { matchesLocally } from './match-locally.ts'

function deployment(spec: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec }
}

const key = (fields: object) => `k:${JSON.stringify(fields)}`
const pod = (...containers: object[]) => deployment({ template: { spec: { containers } } })
const ownedPod = (containers: object) => ({ 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': containers } } } })
const web = { '.': {}, 'f:name': {}, 'f:image': {} }

test.each([
  ['defaults that the server added', pod({ name: 'web', image: 'a' }), pod({ name: 'web', image: 'a', resources: {} })],
  [
    'a container that somebody else added',
    pod({ name: 'web', image: 'a' }),
    pod({ name: 'web', image: 'a' }, { name: 'sidecar' }),
  ],
  [
    'a container that somebody else put before ours',
    pod({ name: 'web', image: 'a' }),
    pod({ name: 'sidecar' }, { name: 'web', image: 'a' }),
  ],
])('is not troubled by %s', (_, desired, live) => {
  expect(matchesLocally(desired, live, ownedPod({ [key({ name: 'web' })]: web }))).toBe(true)
})

test('pairs an item that leaves out a part of its key which the server filled in', () => {
  const port = { '.': {}, 'f:containerPort': {} }
  const owned = ownedPod({
    [key({ name: 'web' })]: { ...web, 'f:ports': { [key({ containerPort: 80, protocol: 'TCP' })]: port } },
  })
  const desired = pod({ name: 'web', image: 'a', ports: [{ containerPort: 80 }] })
  const live = (...ports: object[]) => pod({ name: 'web', image: 'a', ports })
  expect(matchesLocally(desired, live({ containerPort: 80, protocol: 'TCP' }), owned)).toBe(true)
  expect(matchesLocally(desired, live({ containerPort: 80, protocol: 'UDP' }), owned)).toBe(false)
})

test.each([
  ['a value differs', pod({ name: 'web', image: 'b' }), pod({ name: 'web', image: 'a' })],
  ['a field is gone', pod({ name: 'web', image: 'a' }), pod({ name: 'web' })],
  ['an item is gone', pod({ name: 'web', image: 'a' }), pod({ name: 'other' })],
  ['Git dropped a field that we own', pod({ name: 'web' }), pod({ name: 'web', image: 'a' })],
  ['Git dropped everything', deployment({}), pod({ name: 'web', image: 'a' })],
  ['Git added an item', pod({ name: 'web', image: 'a' }, { name: 'two' }), pod({ name: 'web', image: 'a' })],
  ['an item comes twice', pod({ name: 'web', image: 'a' }, { name: 'web' }), pod({ name: 'web', image: 'a' })],
])('asks the server when %s', (_, desired, live) => {
  expect(matchesLocally(desired, live, ownedPod({ [key({ name: 'web' })]: web }))).toBe(false)
})

test('asks the server when the same items stand in another order', () => {
  const items = (...names: string[]) => pod(...names.map((name) => ({ name })))
  const owned = ownedPod({ [key({ name: 'a' })]: { 'f:name': {} }, [key({ name: 'b' })]: { 'f:name': {} } })
  expect(matchesLocally(items('a', 'b'), items('a', 'x', 'b'), owned)).toBe(true)
  expect(matchesLocally(items('a', 'b'), items('b', 'a'), owned)).toBe(false)
})

test('takes a map or list that is owned as a whole by every detail', () => {
  const owned = { 'f:spec': { 'f:selector': {}, 'f:args': {} } }
  const desired = deployment({ selector: { a: '1' }, args: ['x'] })
  expect(matchesLocally(desired, deployment({ selector: { a: '1' }, args: ['x'] }), owned)).toBe(true)
  expect(matchesLocally(desired, deployment({ selector: { a: '1', b: '2' }, args: ['x'] }), owned)).toBe(false)
  expect(matchesLocally(desired, deployment({ selector: { a: '1' }, args: ['x', 'y'] }), owned)).toBe(false)
})

test('pairs the members of sets, whoever else added some', () => {
  const owned = { 'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } } }
  const finalizers = (...names: string[]) => deployment({}, { finalizers: names })
  expect(matchesLocally(finalizers('a/b'), finalizers('a/b', 'c/d'), owned)).toBe(true)
  expect(matchesLocally(finalizers('a/b'), finalizers('c/d'), owned)).toBe(false)
  expect(matchesLocally(finalizers('a/b', 'c/d'), finalizers('a/b', 'c/d'), owned)).toBe(false)
})

test('takes an empty map that was applied and not kept as applied', () => {
  const owned = { 'f:spec': { 'f:nodeSelector': {} } }
  expect(matchesLocally(deployment({ nodeSelector: {} }), deployment({}), owned)).toBe(true)
  expect(matchesLocally(deployment({ nodeSelector: {} }), deployment({}), { 'f:spec': {} })).toBe(false)
})

test('asks the server about an object that we have never applied, or that is read in another version', () => {
  const object = deployment({ replicas: 1 })
  expect(matchesLocally(object, object, undefined)).toBe(false)
  expect(matchesLocally(object, { ...object, apiVersion: 'apps/v1beta1' }, { 'f:spec': { 'f:replicas': {} } })).toBe(
    false,
  )
})

test('asks the server when a metadata field that we own is no longer declared', () => {
  const owned = { 'f:metadata': { 'f:labels': { 'f:a': {} } } }
  expect(matchesLocally(deployment({}), deployment({}, { labels: { a: '1' } }), owned)).toBe(false)
})
