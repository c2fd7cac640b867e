import { expect, test } from 'vitest'
import { convertBuiltin } from './conversion.ts'

const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'a', annotations: { kept: 'yes' } },
  spec: {
    maxReplicas: 3,
    metrics: [
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ],
    behavior: { scaleDown: { selectPolicy: 'Max' } },
  },
  status: { currentReplicas: 1, desiredReplicas: 2, currentMetrics: null, conditions: [{ type: 'AbleToScale' }] },
}

test('an autoscaler goes to v1 and back without a loss', () => {
  const old = convertBuiltin(autoscaler, 'autoscaling/v1')
  expect(old.spec).toEqual({ maxReplicas: 3, targetCPUUtilizationPercentage: 80 })
  expect(convertBuiltin(old, 'autoscaling/v2')).toEqual(autoscaler)
})

test('an event has other names for its fields in events.k8s.io', () => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'd' },
    involvedObject: { kind: 'Pod', name: 'p' },
    message: 'hello',
    source: {},
    reportingComponent: '',
    reportingInstance: '',
    eventTime: null,
  }
  const now = convertBuiltin(event, 'events.k8s.io/v1')
  expect(now).toEqual({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'd' },
    regarding: { kind: 'Pod', name: 'p' },
    note: 'hello',
    deprecatedSource: {},
    eventTime: null,
  })
  expect(convertBuiltin(now, 'v1')).toEqual(event)
})
