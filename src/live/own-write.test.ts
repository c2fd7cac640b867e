import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { isOurs } from './own-write.ts'

const before: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', resourceVersion: '1', generation: 1, annotations: { team: 'a' } },
  operation: { sync: {} },
  status: { sync: { status: 'OutOfSync' }, conditions: [{ type: 'SyncError' }] },
}
const patch = { operation: null, status: { sync: { status: 'Synced' }, conditions: null } }
const answer: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', resourceVersion: '2', generation: 2, annotations: { team: 'a' } },
  status: { sync: { status: 'Synced' } },
}

test('an answer that holds what we wrote and nothing else is ours', () => {
  expect(isOurs(before, patch, answer)).toBe(true)
})

test('an answer that shows what somebody else wrote in between is not', () => {
  const refreshed = { ...answer.metadata, annotations: { team: 'a', 'argocd.argoproj.io/refresh': 'hard' } }
  expect(isOurs(before, patch, { ...answer, metadata: refreshed })).toBe(false)
  const terminated = { ...answer, status: { sync: { status: 'Synced' }, operationState: { phase: 'Terminating' } } }
  expect(isOurs(before, patch, terminated)).toBe(false)
})
