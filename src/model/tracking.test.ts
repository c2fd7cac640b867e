import { expect, test } from 'vitest'
import { formatTrackingId, parseTrackingId, trackingApplication } from './tracking.ts'

const deployment = (trackingId: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', annotations: { 'argocd.argoproj.io/tracking-id': trackingId } },
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
