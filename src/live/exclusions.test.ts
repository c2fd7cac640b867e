import { expect, test } from 'vitest'
import { isExcluded, type ResourceFilter, shippedExclusions } from './exclusions.ts'

const server = 'https://prod.example.com'
const excluded = (kind: string, group: string, exclusions: ResourceFilter[] = [], inclusions: ResourceFilter[] = []) =>
  isExcluded({ group, kind }, { exclusions, inclusions, server })

test('events and leases are never followed', () => {
  expect(excluded('Event', '')).toBe(true)
  expect(excluded('Event', 'events.k8s.io')).toBe(true)
  expect(excluded('Lease', 'coordination.k8s.io')).toBe(true)
  expect(excluded('Event', 'argoproj.io')).toBe(false)
})

test('what is shipped leaves endpoints out and deployments in', () => {
  expect(excluded('Endpoints', '', shippedExclusions)).toBe(true)
  expect(excluded('EndpointSlice', 'discovery.k8s.io', shippedExclusions)).toBe(true)
  expect(excluded('Deployment', 'apps', shippedExclusions)).toBe(false)
})

test('globs match groups, kinds and clusters; what is not named matches all', () => {
  const filter = { apiGroups: ['*.example.com'], kinds: ['Foo*'], clusters: ['https://prod*'] }
  expect(excluded('Foobar', 'a.b.example.com', [filter])).toBe(true)
  expect(excluded('Bar', 'a.b.example.com', [filter])).toBe(false)
  expect(excluded('Foo', 'a.example.com', [{ ...filter, clusters: ['https://test*'] }])).toBe(false)
  expect(excluded('Anything', 'x.io', [{ apiGroups: ['x.i?'] }])).toBe(true)
})

test('once something is included, nothing else is followed, and an exclusion still holds', () => {
  const inclusions = [{ apiGroups: ['apps'] }]
  expect(excluded('Deployment', 'apps', [], inclusions)).toBe(false)
  expect(excluded('ConfigMap', '', [], inclusions)).toBe(true)
  expect(excluded('Deployment', 'apps', [{ kinds: ['Deployment'] }], inclusions)).toBe(true)
})
