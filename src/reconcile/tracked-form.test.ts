import { expect, test } from 'vitest'
import { defaultTracking, type KubeObject, type Tracking, track } from '../model/index.ts'
import { trackedForm } from './tracked-form.ts'

const both: Tracking = { ...defaultTracking, method: 'annotation+label' }
const byLabel: Tracking = { ...defaultTracking, method: 'label' }
const role = (): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'a' },
})
const live = (object: KubeObject, instance: string | undefined = 'shop') => ({ object, instance })

function form(object: KubeObject, of: KubeObject, tracking: Tracking, more = {}) {
  return trackedForm({ object }, { instance: 'shop', tracking, live: live(of), ...more }).object
}

test('marks that mean the same stay, also where Argo CD wrote them otherwise', () => {
  const object = role()
  const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:rbac.authorization.k8s.io/ClusterRole:home/a' }
  const asArgo = { ...object, metadata: { ...object.metadata, annotations } }
  expect(form(object, asArgo, defaultTracking)).toEqual(asArgo)
})

test('marks are added and taken away as the method in force wants them', () => {
  const object = role()
  expect(form(object, track(object, 'shop'), both)).toEqual(track(object, 'shop', both))
  expect(form(object, track(object, 'shop', both), byLabel)).toEqual(track(object, 'shop', byLabel))
  expect(form(object, track(object, 'shop', byLabel), defaultTracking)).toEqual(track(object, 'shop'))
})

test('until an object is written anyway, marks of the method before may stay', () => {
  const object = role()
  const before = track(object, 'shop', byLabel)
  expect(form(object, before, defaultTracking, { lazily: true })).toEqual(before)
})

test('what somebody else has keeps the marks of somebody else', () => {
  const object = role()
  const theirs = track(object, 'other')
  expect(
    trackedForm(
      { object },
      { instance: 'shop', tracking: defaultTracking, live: live(theirs, 'other'), isForeign: true },
    ).object,
  ).toEqual(theirs)
})

test('the form stays the same object as long as it is equal, whatever happens to the live one', () => {
  const object = role()
  const first = form(object, track(object, 'shop'), defaultTracking)
  expect(form(object, { ...track(object, 'shop'), status: {} }, defaultTracking)).toBe(first)
})
