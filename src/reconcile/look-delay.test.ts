import { expect, test } from 'vitest'
import { HealthAssessor } from '../health/index.ts'
import type { LiveChange } from '../live/index.ts'
import type { LiveObject } from '../live/live-object.ts'
import type { ApplicationHealth, KubeObject, ResourceKey } from '../model/index.ts'
import { lookDelayMs } from './look-delay.ts'
import { type Memory, newMemory } from './memory.ts'

const web: ResourceKey = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
const pod: ResourceKey = { group: '', kind: 'Pod', namespace: 'shop', name: 'web-1' }

function deployment(ready: number): LiveObject {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', generation: 1 },
    spec: { replicas: 2 },
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: ready, availableReplicas: ready },
  }
  return { key: web, object, contentHash: 'same' } as LiveObject
}

function lookedAt(health: ApplicationHealth, changed: Partial<Memory> = {}): Memory {
  const resources = [{ key: web, version: 'v1', verdict: { kind: 'synced' as const }, ignored: false, health }]
  const observation = { manifests: [], resources, findings: [], retry: false, sync: 'Synced' as const, health }
  return { ...newMemory(), observation, ...changed }
}

const statusOnly: LiveChange = { key: web, type: 'modified', instances: ['shop'], tracked: true, statusOnly: true }
const declaredAnew: LiveChange = { ...statusOnly, statusOnly: false }
const ofPod: LiveChange = { key: pod, type: 'modified', instances: ['shop'], tracked: false, statusOnly: true }

const health = new HealthAssessor({ warn: expect.unreachable, now: () => new Date(0) })

function delay(change: LiveChange, memory: Memory | undefined, ready = 2): number | undefined {
  const live = { get: () => deployment(ready), children: () => [] }
  return lookDelayMs(change, memory, { live, health, now: 10_000 })
}

test('a status that moves without changing the health needs no look', () => {
  expect(delay(statusOnly, lookedAt({ status: 'Healthy' }))).toBeUndefined()
})

test('a status that changes the health is looked at with others like it', () => {
  expect(delay(statusOnly, lookedAt({ status: 'Healthy' }), 1)).toBe(100)
})

test('a pod of a healthy workload needs no look; one of a workload that is not well does', () => {
  expect(delay(ofPod, lookedAt({ status: 'Healthy' }))).toBeUndefined()
  expect(delay(ofPod, lookedAt({ status: 'Progressing' }))).toBe(100)
})

test('health that was written down just now is not looked at before it may be written again', () => {
  expect(delay(ofPod, lookedAt({ status: 'Degraded' }, { writtenAt: 9_700 }))).toBe(700)
})

test('what somebody declares anew is looked at once', () => {
  expect(delay(declaredAnew, lookedAt({ status: 'Healthy' }, { writtenAt: 9_999 }))).toBe(0)
  expect(delay({ ...declaredAnew, type: 'deleted' }, lookedAt({ status: 'Healthy' }))).toBe(0)
})

test('while a look is under way, or before the first one, every change counts', () => {
  expect(delay(statusOnly, lookedAt({ status: 'Healthy' }, { looking: true }))).toBe(100)
  expect(delay(statusOnly, newMemory())).toBe(100)
  expect(delay(statusOnly, undefined)).toBe(100)
})
