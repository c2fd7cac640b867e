import { expect, test } from 'vitest'
import { type Application, defaultTracking, type KubeObject, type Tracking, track } from '../model/index.ts'
import { openTracker } from './tracker.ts'

const plain: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } }
const byLabel: Tracking = { ...defaultTracking, method: 'label' }
const applied = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    managedFields: [{ manager: 'argocd-controller', operation: 'Apply', apiVersion: 'v1' }],
  },
})

function application(resources: object[]): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: { project: 'default', destination: {} },
    status: { resources },
  }
}

function instanceOf(
  object: KubeObject,
  tracking: Tracking,
  resources = [{ kind: 'ConfigMap', namespace: 'shop', name: 'a' }],
) {
  const find = (name: string) => (name === 'shop' ? application(resources) : undefined)
  return openTracker({ tracking: () => tracking, application: find })(object)
}

test('the method in force decides', () => {
  expect(instanceOf(track(plain, 'other'), defaultTracking)).toBe('other')
  expect(instanceOf(track(plain, 'other', byLabel), byLabel)).toBe('other')
})

test('what another method marked stays with the application that lists it, if it was applied for that', () => {
  expect(instanceOf(applied(track(plain, 'shop', byLabel)), defaultTracking)).toBe('shop')
  expect(instanceOf(applied(track(plain, 'shop')), byLabel)).toBe('shop')
})

test('a label that somebody else has set makes nothing ours', () => {
  expect(instanceOf(track(plain, 'shop', byLabel), defaultTracking)).toBeUndefined()
  expect(instanceOf(applied(track(plain, 'shop', byLabel)), defaultTracking, [])).toBeUndefined()
  expect(instanceOf(applied(track(plain, 'release', byLabel)), defaultTracking)).toBeUndefined()
})
