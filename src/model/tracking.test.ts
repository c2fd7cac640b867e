import { expect, test } from 'vitest'
import type { KubeObject } from './kube-object.ts'
import {
  defaultTracking,
  foreignInstallation,
  formatTrackingId,
  formerApplication,
  isMarkDrift,
  parseTrackingId,
  type Tracking,
  track,
  trackingApplication,
  trackLike,
} from './tracking.ts'

const deployment = (trackingId: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', annotations: { 'argocd.argoproj.io/tracking-id': trackingId } },
})
const plain: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } }
const by = (method: Tracking['method'], more: Partial<Tracking> = {}): Tracking => ({
  ...defaultTracking,
  method,
  ...more,
})

test('a tracking id survives being written and read', () => {
  const id = { application: 'shop', key: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a.b:c' } }
  expect(parseTrackingId(formatTrackingId(id))).toEqual(id)
})

test('an object belongs to the application that its own tracking id names', () => {
  expect(trackingApplication(deployment('shop:apps/Deployment:shop/web'))).toBe('shop')
})

test('a tracking id copied from another object does not count', () => {
  expect(trackingApplication(deployment('shop:apps/Deployment:shop/api'))).toBeUndefined()
  expect(trackingApplication(deployment('nonsense'))).toBeUndefined()
})

test.each(['annotation', 'label', 'annotation+label'] as const)('what %s has marked it finds again', (method) => {
  for (const installationId of ['', 'one']) {
    const tracking = by(method, { installationId, labelKey: 'example.com/app' })
    expect(trackingApplication(track(plain, 'team_shop', tracking), tracking)).toBe('team_shop')
  }
})

test('each method puts just its own marks on an object', () => {
  const id = { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/a' }
  const label = { 'app.kubernetes.io/instance': 'shop' }
  expect(track(plain, 'shop', by('annotation')).metadata).toEqual({ ...plain.metadata, annotations: id })
  expect(track(plain, 'shop', by('label')).metadata).toEqual({ ...plain.metadata, labels: label })
  expect(track(plain, 'shop', by('annotation+label')).metadata).toEqual({
    ...plain.metadata,
    annotations: id,
    labels: label,
  })
})

test('a label beside the annotation is shortened to what a label may be; alone it stays whole', () => {
  const long = `${'a'.repeat(62)}-b`
  expect(track(plain, long, by('annotation+label')).metadata.labels).toEqual({
    'app.kubernetes.io/instance': 'a'.repeat(62),
  })
  expect(track(plain, long, by('label')).metadata.labels).toEqual({ 'app.kubernetes.io/instance': long })
})

test('a label that a controller copied to what it made does not count', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '1' }
  const pod = track({ ...plain, metadata: { ...plain.metadata, ownerReferences: [owner] } }, 'shop', by('label'))
  expect(trackingApplication(pod, by('label'))).toBeUndefined()
})

test('with an installation ID only objects of this installation count, and those of another are known as such', () => {
  const [one, two] = [by('annotation', { installationId: 'one' }), by('annotation', { installationId: 'two' })]
  const object = track(plain, 'shop', one)
  expect(trackingApplication(object, two)).toBeUndefined()
  expect(foreignInstallation(object, two)).toBe('one')
  expect(foreignInstallation(object, one)).toBeUndefined()
  expect(formerApplication(object, two)).toBeUndefined()
  expect(foreignInstallation(track(plain, 'shop'), two)).toBeUndefined()
})

test('after a change of settings the former application is still known', () => {
  expect(formerApplication(track(plain, 'shop', by('label')), by('annotation'))).toBe('shop')
  expect(formerApplication(track(plain, 'shop', by('annotation')), by('label'))).toBe('shop')
  expect(formerApplication(track(plain, 'shop'), by('annotation', { installationId: 'one' }))).toBe('shop')
})

test('marks that are there can be kept as they are, and a label of another meaning is not one', () => {
  const live = track(plain, 'shop', by('annotation+label', { installationId: 'one' }))
  expect(trackLike(plain, live, 'shop', defaultTracking)).toEqual(live)
  const other = { ...plain, metadata: { ...plain.metadata, labels: { 'app.kubernetes.io/instance': 'release' } } }
  expect(trackLike(plain, other, 'shop', defaultTracking)).toEqual(plain)
})

test.each([
  [{ path: "metadata.annotations['argocd.argoproj.io/tracking-id']", live: 'x' }, true],
  [{ path: "metadata.labels['app.kubernetes.io/instance']", desired: 'shop' }, true],
  [{ path: "metadata.labels['app']", desired: 'shop' }, false],
  [{ path: 'metadata.labels', desired: { 'app.kubernetes.io/instance': 'shop' } }, true],
  [{ path: 'metadata.labels', desired: { 'app.kubernetes.io/instance': 'shop', app: 'web' } }, false],
  [{ path: 'metadata.annotations', live: { 'argocd.argoproj.io/tracking-id': 'x' } }, true],
  [{ path: 'spec.replicas', desired: 1 }, false],
])('the drift %j is one of marks alone: %s', (drift, expected) => {
  expect(isMarkDrift(drift, defaultTracking)).toBe(expected)
})
