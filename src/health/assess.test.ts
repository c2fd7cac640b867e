import { describe, expect, test } from 'vitest'
import type { Health, KubeObject } from '../model/index.ts'
import { assessHealth } from './assess.ts'

function object(type: string, fields: object = {}, metadata: object = {}): KubeObject {
  const [kind = '', apiVersion = 'v1'] = type.split(' in ')
  return { apiVersion, kind, metadata: { name: 'a', ...metadata }, ...fields } as KubeObject
}

const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message })
const conditions = (...list: object[]) => ({ status: { conditions: list } })

const cases: [string, KubeObject, Health | undefined][] = [
  ['a ConfigMap', object('ConfigMap'), undefined],
  ['a custom resource with no conditions', object('Widget in example.com/v1', { status: { size: 1 } }), undefined],
  ['a ClusterIP Service', object('Service', { spec: { type: 'ClusterIP' } }), { status: 'Healthy' }],
  [
    'a load balancer with an address',
    object('Service', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }),
    { status: 'Healthy' },
  ],
  [
    'an Ingress without an address',
    object('Ingress in networking.k8s.io/v1', { spec: { ingressClassName: 'nginx' }, status: { loadBalancer: {} } }),
    { status: 'Progressing', message: 'no controller of class nginx has given it an address yet' },
  ],
  [
    'an Ingress with an address',
    object('Ingress in networking.k8s.io/v1', { status: { loadBalancer: { ingress: [{ hostname: 'a' }] } } }),
    { status: 'Healthy' },
  ],
  ['a bound claim', object('PersistentVolumeClaim', { status: { phase: 'Bound' } }), { status: 'Healthy' }],
  [
    'a claim whose volume is lost',
    object('PersistentVolumeClaim', { spec: { volumeName: 'pv-7' }, status: { phase: 'Lost' } }),
    { status: 'Degraded', message: 'its volume pv-7 is lost' },
  ],
  [
    'a claim that nobody has seen',
    object('PersistentVolumeClaim'),
    { status: 'Unknown', message: 'the storage controller has not seen it yet' },
  ],
  [
    'an autoscaler that works',
    object(
      'HorizontalPodAutoscaler in autoscaling/v2',
      conditions(condition('AbleToScale', 'True', 'R', 'recommended size matches')),
    ),
    { status: 'Healthy', message: 'recommended size matches' },
  ],
  [
    'an autoscaler that has not measured yet',
    object('HorizontalPodAutoscaler in autoscaling/v2'),
    { status: 'Progressing', message: 'waiting for its first measurement' },
  ],
  [
    'an autoscaler of the first version',
    object(
      'HorizontalPodAutoscaler in autoscaling/v1',
      {},
      {
        annotations: {
          'autoscaling.alpha.kubernetes.io/conditions': JSON.stringify([
            condition('AbleToScale', 'False', 'FailedGetScale', 'no such deployment'),
          ]),
        },
      },
    ),
    { status: 'Degraded', message: 'FailedGetScale: no such deployment' },
  ],
  [
    'an API that does not answer',
    object(
      'APIService in apiregistration.k8s.io/v1',
      conditions(condition('Available', 'False', 'MissingEndpoints', 'no endpoints')),
    ),
    { status: 'Progressing', message: 'MissingEndpoints: no endpoints' },
  ],
  [
    'an API that answers',
    object('APIService in apiregistration.k8s.io/v1', conditions(condition('Available', 'True'))),
    { status: 'Healthy' },
  ],
  [
    'a CRD that is served',
    object('CustomResourceDefinition in apiextensions.k8s.io/v1', conditions(condition('Established', 'True'))),
    { status: 'Healthy' },
  ],
  [
    'a CRD whose names are taken',
    object(
      'CustomResourceDefinition in apiextensions.k8s.io/v1',
      conditions(condition('NamesAccepted', 'False', 'PluralConflict', '"widgets" is already in use')),
    ),
    { status: 'Degraded', message: 'PluralConflict: "widgets" is already in use' },
  ],
  ['a workflow at its start', object('Workflow in argoproj.io/v1alpha1'), { status: 'Progressing' }],
  [
    'a workflow that failed',
    object('Workflow in argoproj.io/v1alpha1', { status: { phase: 'Failed', message: 'step 2' } }),
    { status: 'Degraded', message: 'step 2' },
  ],
  [
    'a ReplicaSet that may not make pods',
    object('ReplicaSet in apps/v1', conditions(condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota'))),
    { status: 'Degraded', message: 'exceeded quota' },
  ],
  [
    'a Deployment that its controller has not seen',
    object('Deployment in apps/v1', { status: { observedGeneration: 1 } }, { generation: 2 }),
    { status: 'Progressing', message: 'the Deployment controller has not yet acted on the latest change' },
  ],
  [
    'a StatefulSet with a partition',
    object('StatefulSet in apps/v1', {
      spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
      status: { observedGeneration: 1, readyReplicas: 3, updatedReplicas: 1 },
    }),
    { status: 'Healthy', message: 'rolled out down to partition 2: 1 replicas are updated' },
  ],
  [
    'a StatefulSet amid its rollout',
    object('StatefulSet in apps/v1', {
      spec: { replicas: 3 },
      status: {
        observedGeneration: 1,
        readyReplicas: 3,
        updatedReplicas: 1,
        updateRevision: 'b',
        currentRevision: 'a',
      },
    }),
    { status: 'Progressing', message: '1 of 3 replicas are at revision b' },
  ],
  [
    'a DaemonSet amid its rollout',
    object('DaemonSet in apps/v1', { status: { desiredNumberScheduled: 3, updatedNumberScheduled: 1 } }),
    { status: 'Progressing', message: 'the pods of 1 of 3 nodes are updated' },
  ],
  [
    'what is being deleted',
    object('ConfigMap', {}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.com/keep'] }),
    { status: 'Progressing', message: 'being deleted since 2026-01-01T00:00:00Z; held by example.com/keep' },
  ],
  [
    'a finished hook that its time to live has deleted',
    object('Job in batch/v1', conditions(condition('Complete', 'True')), {
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['argocd.argoproj.io/hook-finalizer'],
    }),
    { status: 'Healthy' },
  ],
]

test.each(cases)('%s', (_, live, health) => {
  expect(assessHealth(live)).toEqual(health)
})

describe('a pod', () => {
  const waiting = (reason: string, message = '', name = 'web') => ({ name, state: { waiting: { reason, message } } })
  const pod = (status: object, spec: object = {}, metadata: object = {}) =>
    object('Pod', { spec, status: { phase: 'Running', ...status } }, metadata)

  const podCases: [string, KubeObject, Health][] = [
    [
      'whose image cannot be pulled',
      pod({ phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff', 'Back-off pulling image "shop:9"')] }),
      { status: 'Degraded', message: 'ImagePullBackOff: Back-off pulling image "shop:9"' },
    ],
    [
      'that keeps crashing',
      pod({
        containerStatuses: [
          {
            ...waiting('CrashLoopBackOff', 'back-off 40s restarting failed container=web pod=web-5d-x_shop(0-1-2)'),
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
          },
        ],
      }),
      {
        status: 'Degraded',
        message: 'CrashLoopBackOff: back-off 40s restarting failed container (OOMKilled, exit code 137)',
      },
    ],
    [
      'whose init container is stuck',
      pod({
        phase: 'Pending',
        initContainerStatuses: [waiting('CreateContainerConfigError', 'secret "db" not found', 'migrate')],
        containerStatuses: [waiting('PodInitializing')],
      }),
      { status: 'Degraded', message: 'container migrate: CreateContainerConfigError: secret "db" not found' },
    ],
    [
      'that no node can take',
      pod({
        phase: 'Pending',
        conditions: [
          condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available: 3 Insufficient cpu.'),
        ],
      }),
      { status: 'Progressing', message: 'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.' },
    ],
    [
      'that is being started',
      pod({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }),
      { status: 'Progressing', message: 'ContainerCreating' },
    ],
    ['that is ready', pod({ conditions: [condition('Ready', 'True')] }), { status: 'Healthy' }],
    [
      'that is not ready yet',
      pod({ conditions: [condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [web]')] }),
      { status: 'Progressing', message: 'containers with unready status: [web]' },
    ],
    [
      'that was restarted and is not ready',
      pod({
        containerStatuses: [
          { name: 'web', restartCount: 2, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
        ],
      }),
      { status: 'Degraded', message: 'restarted 2 times, last with exit code 1; not ready' },
    ],
    [
      'that was evicted',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' }),
      { status: 'Degraded', message: 'Evicted: The node was low on memory.' },
    ],
    [
      'that failed',
      pod({
        phase: 'Failed',
        containerStatuses: [
          { name: 'a', state: { terminated: { exitCode: 0 } } },
          { name: 'b', state: { terminated: { exitCode: 3 } } },
        ],
      }),
      { status: 'Degraded', message: 'container b: exit code 3' },
    ],
    ['that ended', pod({ phase: 'Succeeded' }), { status: 'Healthy' }],
    [
      'that runs to completion',
      pod({ conditions: [condition('Ready', 'True')] }, { restartPolicy: 'Never' }),
      { status: 'Progressing', message: 'running to completion' },
    ],
    [
      'that runs to completion and waits for its image',
      pod({ phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff', 'm')] }, { restartPolicy: 'OnFailure' }),
      { status: 'Progressing', message: 'ImagePullBackOff: m' },
    ],
    [
      'that runs to completion, which is to be ignored',
      pod({}, { restartPolicy: 'Never' }, { annotations: { 'argocd.argoproj.io/ignore-restart-policy': 'true' } }),
      { status: 'Healthy' },
    ],
    [
      'that is a hook, whatever it ignores',
      pod(
        {},
        { restartPolicy: 'Never' },
        {
          annotations: { 'argocd.argoproj.io/ignore-restart-policy': 'true', 'argocd.argoproj.io/hook': 'PreSync' },
        },
      ),
      { status: 'Progressing', message: 'running to completion' },
    ],
    [
      'of which nothing is known',
      pod({ phase: 'Unknown' }),
      { status: 'Unknown', message: 'the node has not reported the state of this pod' },
    ],
  ]

  test.each(podCases)('%s', (_, live, health) => {
    expect(assessHealth(live)).toEqual(health)
  })
})
