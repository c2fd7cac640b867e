import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { applicationHealth, type ResourceHealth } from './application.ts'
import { explainHealth } from './explain.ts'

function object(type: string, name: string, fields: object = {}, metadata: object = {}): KubeObject {
  const [kind = '', apiVersion = 'v1'] = type.split(' in ')
  return { apiVersion, kind, metadata: { name, namespace: 'shop', uid: name, ...metadata }, ...fields } as KubeObject
}

const deployment = object('Deployment in apps/v1', 'web', {
  spec: { replicas: 3 },
  status: { replicas: 3, updatedReplicas: 3, availableReplicas: 0 },
})

function replicaSet(name: string, revision: number, replicas = 3): KubeObject {
  const annotations = { 'deployment.kubernetes.io/revision': String(revision) }
  const status = { availableReplicas: 0 }
  return object('ReplicaSet in apps/v1', name, { spec: { replicas }, status }, { annotations })
}

function pod(name: string, reason: string, metadata: object = {}): KubeObject {
  const containerStatuses = [{ name: 'web', state: { waiting: { reason, message: 'shop:9' } } }]
  return object('Pod', name, { status: { phase: 'Pending', containerStatuses } }, metadata)
}

function family(children: Record<string, KubeObject[]>) {
  return (uid: string) => children[uid] ?? []
}

describe('the cause of an object’s health', () => {
  test('is the pod at the end of the owner chain', () => {
    const children = family({ web: [replicaSet('web-1', 1)], 'web-1': [pod('web-1-x', 'ImagePullBackOff')] })
    const health = explainHealth(deployment, children)
    expect(health).toMatchObject({ status: 'Progressing', message: 'Pod web-1-x: ImagePullBackOff: shop:9' })
    expect(health?.cause?.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment web',
      'ReplicaSet web-1',
      'Pod web-1-x',
    ])
  })

  test('is looked for below the newest ReplicaSet only', () => {
    const children = family({
      web: [replicaSet('web-1', 1), replicaSet('web-2', 2), replicaSet('web-3', 3, 0)],
      'web-1': [pod('web-1-x', 'CrashLoopBackOff')],
      'web-2': [pod('web-2-x', 'ContainerCreating')],
    })
    expect(explainHealth(deployment, children)?.cause?.map(({ name }) => name)).toEqual(['web'])
    const current = family({
      web: [replicaSet('web-1', 1), replicaSet('web-2', 2)],
      'web-1': [pod('web-1-x', 'CrashLoopBackOff')],
      'web-2': [pod('web-2-x', 'ContainerCreating')],
    })
    expect(explainHealth(deployment, current)?.message).toBe('Pod web-2-x: ContainerCreating: shop:9')
  })

  test('is the worst of several, and counts those that are alike', () => {
    const pods = ['a', 'b', 'c'].map((name) => pod(name, 'ErrImagePull'))
    const children = family({ web: [replicaSet('web-1', 1)], 'web-1': [pod('new', 'ContainerCreating'), ...pods] })
    expect(explainHealth(deployment, children)?.message).toBe('Pod a (and 2 more): ErrImagePull: shop:9')
  })

  test('is not a pod that is going', () => {
    const going = pod('old', 'CrashLoopBackOff', { deletionTimestamp: '2026-01-01T00:00:00Z' })
    const children = family({ web: [replicaSet('web-1', 1)], 'web-1': [going, pod('new', 'ContainerCreating')] })
    expect(explainHealth(deployment, children)?.message).toBe('Pod new: ContainerCreating: shop:9')
  })

  test('is the ReplicaSet that is not allowed to make pods', () => {
    const refused = {
      ...replicaSet('web-1', 1),
      status: {
        conditions: [
          { type: 'ReplicaFailure', status: 'True', message: 'pods "web-1-x" is forbidden: exceeded quota' },
        ],
      },
    }
    const health = explainHealth(deployment, family({ web: [refused] }))
    expect(health?.message).toBe('ReplicaSet web-1: pods "web-1-x" is forbidden: exceeded quota')
  })

  test('is the claim that pods wait for', () => {
    const set = object('StatefulSet in apps/v1', 'db', { spec: { replicas: 1 }, status: { observedGeneration: 1 } })
    const claim = object('PersistentVolumeClaim', 'data-db-0', { spec: {}, status: { phase: 'Pending' } })
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'unbound PersistentVolumeClaims' },
    ]
    const waiting = object('Pod', 'db-0', { status: { phase: 'Pending', conditions } })
    expect(explainHealth(set, family({ db: [waiting, claim] }))?.message).toMatch(/^PersistentVolumeClaim data-db-0: /)
    expect(explainHealth(set, family({ db: [waiting] }))?.message).toBe(
      'Pod db-0: Unschedulable: unbound PersistentVolumeClaims',
    )
  })

  test('is found below a Rollout, a CronJob and any custom resource', () => {
    const rollout = object('Rollout in argoproj.io/v1alpha1', 'web', { spec: {}, status: { phase: 'Degraded' } })
    const older = { ...replicaSet('web-1', 0), metadata: { ...replicaSet('web-1', 0).metadata } }
    older.metadata.annotations = { 'rollout.argoproj.io/revision': '1' }
    const newer = { ...older, metadata: { ...older.metadata, name: 'web-2', uid: 'web-2' } }
    newer.metadata.annotations = { 'rollout.argoproj.io/revision': '2' }
    const sets = { web: [older, newer], 'web-1': [pod('old', 'ErrImagePull')], 'web-2': [pod('new', 'ErrImagePull')] }
    expect(explainHealth(rollout, family(sets))?.message).toBe('Pod new: ErrImagePull: shop:9')

    const status = { lastScheduleTime: '2026-01-02T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:00:09Z' }
    const cronJob = object('CronJob in batch/v1', 'nightly', { spec: {}, status })
    const failed = {
      conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'again' }],
    }
    const job = object('Job in batch/v1', 'nightly-1', { status: failed })
    expect(explainHealth(cronJob, family({ nightly: [job] }))?.message).toMatch(/^Job nightly-1: BackoffLimitExceeded/)

    const conditions = [{ type: 'Ready', status: 'False', reason: 'NotReady', message: '' }]
    const cluster = object('Kafka in kafka.strimzi.io/v1', 'k', { spec: {}, status: { conditions } })
    const podSet = object('StrimziPodSet in core.strimzi.io/v1', 'k-set')
    const kafka = family({ k: [podSet], 'k-set': [pod('k-0', 'CrashLoopBackOff')] })
    expect(explainHealth(cluster, kafka)?.message).toBe('Pod k-0: CrashLoopBackOff: shop:9')
  })

  test('is told in one line, and not at length', () => {
    const long = pod('p', 'ErrImagePull')
    long.status = {
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message: 'no\n'.repeat(500) } } }],
    }
    const message = explainHealth(deployment, family({ web: [long] }))?.message ?? ''
    expect(message).toMatch(/^Pod p: ErrImagePull: no no .*…$/)
    expect(message.length).toBeLessThan(320)
  })

  test('is the object itself when what it owns is well', () => {
    const ready = object('Pod', 'p', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } })
    const health = explainHealth(deployment, family({ web: [ready] }))
    expect(health).toMatchObject({ message: '0 of 3 updated replicas are available', cause: [{ name: 'web' }] })
  })

  test('is not looked for in an object that is well, and found in finite time where owners form a circle', () => {
    const well = object('Service', 's', { spec: {} })
    expect(explainHealth(well, () => [pod('p', 'ErrImagePull')])).toEqual({ status: 'Healthy' })
    expect(explainHealth(deployment, () => [deployment])?.status).toBe('Progressing')
    expect(explainHealth(object('ConfigMap', 'c'), () => [])).toBeUndefined()
  })
})

describe('an application', () => {
  function resource(kind: string, status?: string, more: Partial<ResourceHealth> = {}): ResourceHealth {
    const key = {
      group: kind === 'Application' ? 'argoproj.io' : '',
      kind,
      namespace: 'shop',
      name: kind.toLowerCase(),
    }
    const health = status === undefined ? undefined : { status: status as 'Healthy', message: `${kind} is ${status}` }
    return { key, exists: true, ignored: false, health, ...more }
  }

  const cases: [string, ResourceHealth[], string, string?][] = [
    ['without resources is healthy', [], 'Healthy'],
    ['of kinds without health is healthy', [resource('ConfigMap')], 'Healthy'],
    [
      'is as well as its worst resource',
      [resource('A', 'Healthy'), resource('B', 'Degraded'), resource('C', 'Progressing')],
      'Degraded',
      'B b: B is Degraded',
    ],
    [
      'says how many are as bad',
      [resource('A', 'Degraded'), resource('B', 'Degraded'), resource('C', 'Degraded')],
      'Degraded',
      'A a: A is Degraded (and 2 more resources Degraded)',
    ],
    [
      'is not made worse by what is missing',
      [resource('A', 'Healthy'), resource('B', undefined, { exists: false })],
      'Healthy',
    ],
    [
      'of which nothing is there is missing',
      [resource('A', undefined, { exists: false })],
      'Missing',
      'none of its resources is in the cluster',
    ],
    [
      'is not made worse by a hook',
      [resource('A', 'Healthy'), resource('Job', 'Degraded', { ignored: true })],
      'Healthy',
    ],
    ['forgives a child application that is unknown', [resource('Application', 'Unknown')], 'Healthy'],
    [
      'does not forgive a child application that is degraded',
      [resource('Application', 'Degraded')],
      'Degraded',
      'Application application: Application is Degraded',
    ],
    [
      'does not count what is to be ignored',
      [
        resource('A', 'Degraded', {
          ignored: true,
        }),
      ],
      'Healthy',
    ],
  ]

  test.each(cases)('%s', (_, resources, status, message) => {
    const health = applicationHealth(resources)
    expect(health.status).toBe(status)
    expect(health.message).toBe(message)
  })

  test('that manages itself does not count itself', () => {
    const self = resource('Application', 'Degraded')
    expect(applicationHealth([self], self.key).status).toBe('Healthy')
  })

  test('says in one line which object is the cause', () => {
    const key = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
    const children = family({ web: [replicaSet('web-1', 1)], 'web-1': [pod('web-1-x', 'ImagePullBackOff')] })
    const health = explainHealth(deployment, children)
    const application = applicationHealth([{ key, exists: true, ignored: false, health }])
    expect(application.message).toBe('Deployment web → Pod web-1-x: ImagePullBackOff: shop:9')
    expect(application.cause).toHaveLength(3)
  })
})
