import { expect, test } from 'vitest'
import type { ClusterRecord } from './cluster-record.ts'
import { registryOf } from './registry.ts'

function record(name: string, server: string, secret = name): ClusterRecord {
  const rest = { namespaces: [], clusterResources: false, project: '', labels: {}, annotations: {}, config: {} }
  return { name, server, ...rest, secret: { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret } } }
}

const [a, b] = [record('a', 'https://a'), record('b', 'https://b')]

test('a destination means a cluster by name or by address, however that ends', () => {
  const { resolve } = registryOf([a, b])
  expect(resolve({ name: 'a' })).toBe(a)
  expect(resolve({ server: 'https://b/' })).toBe(b)
  expect(resolve({ server: '', name: 'b' })).toBe(b)
})

test('one that nobody knows is told without telling of others', () => {
  expect(registryOf([a, b]).resolve({ name: 'c' })).toEqual({
    kind: 'unknown',
    message: 'the destination cluster c is not known: register it ("tiphys cluster add"), or correct spec.destination',
  })
})

test('of two with the same name none is taken, and each is still meant by its address', () => {
  const twin = record('a', 'https://c', 'twin')
  const { resolve } = registryOf([a, b, twin])
  expect(resolve({ name: 'a' })).toMatchObject({ kind: 'unusable', message: expect.stringMatching(/Secrets a, twin/) })
  expect(resolve({ server: 'https://c' })).toBe(twin)
})

test('of two with the same address none is taken, by whichever name', () => {
  const { resolve } = registryOf([a, b, record('other', 'https://a', 'twin')])
  for (const destination of [{ server: 'https://a' }, { name: 'a' }, { name: 'other' }]) {
    expect(resolve(destination)).toMatchObject({ kind: 'unusable' })
  }
  expect(resolve({ name: 'b' })).toBe(b)
})

test('one whose Secret asks for it is left alone, by whichever name, and is not taken for one that is gone', () => {
  const { resolve } = registryOf([{ ...a, isLeftAlone: true } as ClusterRecord, b])
  for (const destination of [{ server: 'https://a' }, { name: 'a' }]) {
    expect(resolve(destination)).toMatchObject({ kind: 'left alone', message: expect.stringMatching(/skip-reconcile/) })
  }
  expect(resolve({ name: 'b' })).toBe(b)
})
