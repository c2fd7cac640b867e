/** Health of objects as a real cluster's controllers left them. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { assessHealth } from './assess.ts'

function recording(name: string) {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))
}

function recorded(file: string, kind: string): KubeObject {
  return recording(file).objects.find((object: KubeObject) => object.kind === kind)
}

describe('a Deployment on its way', () => {
  const states: Record<string, [string, string?]> = {
    created: ['Progressing', '0 of 2 updated replicas are available'],
    'deadline exceeded': ['Degraded', 'the rollout exceeded its progress deadline: ReplicaSet "web-'],
    'one bound': ['Degraded', 'the rollout exceeded its progress deadline: ReplicaSet "web-'],
    'one ready': ['Progressing', '1 of 2 updated replicas are available'],
    'all ready': ['Healthy'],
    'rollout begun': ['Progressing', '1 of 2 replicas are updated'],
    'first new pod ready': ['Progressing', '1 old replica waits to be terminated'],
    'second new pod ready': ['Healthy'],
    'bad rollout begun': ['Progressing', '1 of 2 replicas are updated'],
    'bad rollout past its deadline': ['Degraded', 'the rollout exceeded its progress deadline: ReplicaSet "web-'],
    'rolled back': ['Healthy'],
    paused: ['Suspended', 'the rollout is paused'],
    resumed: ['Healthy'],
    'scaled to 1': ['Healthy'],
    'scaled to 0': ['Healthy'],
  }

  interface Transition {
    phase: string
    deployment: { generation: number; replicas: number; status: object }
  }
  const { transitions } = recording('deployment-transitions') as { transitions: Transition[] }

  test.each(transitions)('is rightly assessed when it is: $phase', ({ phase, deployment }) => {
    const [status, message] = states[phase] ?? ['not listed']
    const health = assessHealth({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', generation: deployment.generation },
      spec: { replicas: deployment.replicas, paused: phase === 'paused' },
      status: deployment.status,
    })
    expect(health?.status).toBe(status)
    expect(health?.message ?? '').toContain(message ?? '')
  })
})

describe('a Job on its way', () => {
  const { transitions } = recording('job-transitions') as { transitions: { action: string; status: object }[] }
  const expected = [
    { status: 'Progressing', message: '1 pod active' },
    { status: 'Healthy', message: 'Reached expected number of succeeded pods' },
    { status: 'Degraded', message: 'BackoffLimitExceeded: Job has reached the specified backoff limit' },
    { status: 'Suspended', message: 'the job is suspended' },
  ]

  test.each(transitions.map((transition, index) => ({ ...transition, health: expected[index] })))(
    'is rightly assessed when $action',
    ({ status, health }) => {
      expect(assessHealth({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, status })).toEqual(health)
    },
  )
})

test('a StatefulSet whose pod cannot be scheduled', () => {
  const message = '0 of 2 replicas are ready'
  expect(assessHealth(recorded('statefulset', 'StatefulSet'))).toEqual({ status: 'Progressing', message })
})

test('a claim with no storage class', () => {
  const message = 'waiting for a volume; no storage class is set'
  expect(assessHealth(recorded('persistentvolumeclaim', 'PersistentVolumeClaim'))).toEqual({
    status: 'Progressing',
    message,
  })
})

test('an autoscaler without metrics', () => {
  const health = assessHealth(recorded('horizontalpodautoscaler', 'HorizontalPodAutoscaler'))
  expect(health?.status).toBe('Degraded')
  expect(health?.message).toContain('FailedGetResourceMetric: the HPA was unable to compute the replica count')
})

test('an Ingress and a load balancer that nobody has taken', () => {
  expect(assessHealth(recorded('ingress', 'Ingress'))?.status).toBe('Progressing')
  expect(assessHealth(recorded('service-loadbalancer', 'Service'))).toEqual({
    status: 'Progressing',
    message: 'no load balancer has given it an address yet',
  })
})

test('a pod after it was bound, and when it is ready', () => {
  const { pod, ready } = recording('pod-binding')
  expect(assessHealth(pod)).toEqual({ status: 'Progressing', message: 'the node is starting the pod' })
  expect(assessHealth(ready)).toEqual({ status: 'Healthy' })
})

test('a DaemonSet whose pods wait', () => {
  expect(assessHealth(recorded('daemonset', 'DaemonSet'))?.status).toBe('Progressing')
})
