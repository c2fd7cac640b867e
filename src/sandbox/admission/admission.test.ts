import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { check, mutate } from './admission.ts'
import { usedOf } from './quota.ts'
import type { AdmissionRequest } from './request.ts'

type Objects = Record<string, KubeObject[]>

function viewOf(objects: Objects) {
  return {
    get: ({ resource, name }: { resource: string; name: string }) =>
      objects[resource]?.find(({ metadata }) => metadata.name === name),
    list: ({ resource }: { resource: string }) => objects[resource] ?? [],
  }
}

function made(kind: string, name: string, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'd' }, ...more }
}

function podOf(name: string, resources: unknown, spec: Record<string, unknown> = {}): KubeObject {
  return made('Pod', name, { spec: { containers: [{ name: 'c', image: 'i', resources }], ...spec } })
}

function creating(resource: string, object: KubeObject, objects: Objects = {}): AdmissionRequest {
  return { operation: 'CREATE', group: '', resource, namespace: 'd', object, cluster: viewOf(objects) }
}

describe('quota', () => {
  const quota = made('ResourceQuota', 'q', {
    spec: { hard: { pods: '2', 'requests.cpu': '1', 'count/configmaps': '1', 'services.nodeports': '1' } },
  })

  test('a pod must say what it asks for, and fit', () => {
    const objects = { resourcequotas: [quota], pods: [podOf('a', { requests: { cpu: '600m' } })] }
    expect(() => check(creating('pods', podOf('b', {}), objects))).toThrow(
      'failed quota: q: must specify requests.cpu for: c',
    )
    expect(() => check(creating('pods', podOf('b', { requests: { cpu: '500m' } }), objects))).toThrow(
      'exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1',
    )
    expect(check(creating('pods', podOf('b', { requests: { cpu: '400m' } }), objects))).toEqual([])
  })

  test('pods that are over take nothing', () => {
    const done = { ...podOf('a', { requests: { cpu: '1' } }), status: { phase: 'Succeeded' } }
    expect(usedOf(quota, viewOf({ pods: [done] }))).toEqual({
      pods: '0',
      'requests.cpu': '0',
      'count/configmaps': '0',
      'services.nodeports': '0',
    })
  })

  test('objects of any kind are counted', () => {
    const objects = { resourcequotas: [quota], configmaps: [made('ConfigMap', 'a')] }
    expect(() => check(creating('configmaps', made('ConfigMap', 'b'), objects))).toThrow(
      'configmaps "b" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1',
    )
  })

  test('an init container counts at its height only', () => {
    const small = made('ResourceQuota', 'q', { spec: { hard: { 'requests.memory': '1Gi' } } })
    const init = { name: 'i', resources: { requests: { memory: '900Mi' } } }
    const pod = podOf('a', { requests: { memory: '200Mi' } }, { initContainers: [init] })
    expect(check(creating('pods', pod, { resourcequotas: [small] }))).toEqual([])
  })
})

describe('limit range', () => {
  const range = made('LimitRange', 'l', {
    spec: {
      limits: [
        {
          type: 'Container',
          default: { cpu: '500m', memory: '1Gi' },
          defaultRequest: { cpu: '100m' },
          max: { cpu: '1' },
        },
        { type: 'PersistentVolumeClaim', min: { storage: '1Gi' } },
      ],
    },
  })
  const objects = { limitranges: [range] }

  test('containers are given what they leave open', () => {
    const request = creating('pods', podOf('a', { limits: { cpu: '800m' } }), objects)
    mutate(request)
    expect(request.object.spec).toMatchObject({
      containers: [{ resources: { limits: { cpu: '800m', memory: '1Gi' }, requests: { cpu: '100m' } } }],
    })
    expect(request.object.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for container c; memory limit for container c',
    })
  })

  test('what is out of bounds is refused', () => {
    const pod = podOf('a', { limits: { cpu: '2' } })
    expect(() => check(creating('pods', pod, objects))).toThrow('maximum cpu usage per Container is 1, but limit is 2')
    const claim = made('PersistentVolumeClaim', 'p', { spec: { resources: { requests: { storage: '1Mi' } } } })
    expect(() => check(creating('persistentvolumeclaims', claim, objects))).toThrow(
      'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi',
    )
  })
})

describe('pods', () => {
  test('a pod gets the priority of its class', () => {
    const urgent = made('PriorityClass', 'urgent', { value: 7, preemptionPolicy: 'Never' })
    const request = creating('pods', podOf('a', {}, { priorityClassName: 'urgent' }), { priorityclasses: [urgent] })
    mutate(request)
    expect(request.object.spec).toMatchObject({ priority: 7, preemptionPolicy: 'Never' })
    const stray = creating('pods', podOf('a', {}, { priorityClassName: 'none' }))
    expect(() => mutate(stray)).toThrow('pods "a" is forbidden: no PriorityClass with name none was found')
  })

  test('a toleration of its own is kept', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }
    const request = creating('pods', podOf('a', {}, { tolerations: [own] }))
    mutate(request)
    const { tolerations } = request.object.spec as { tolerations: { key: string }[] }
    expect(tolerations).toHaveLength(2)
    expect(tolerations[0]).toEqual(own)
  })

  test('an update that leaves the added tolerations out gets them again', () => {
    const old = podOf('a', {})
    mutate(creating('pods', old))
    const request = { ...creating('pods', podOf('a', {})), operation: 'UPDATE' as const, old }
    mutate(request)
    expect(request.object.spec).toMatchObject({ tolerations: (old.spec as { tolerations: unknown[] }).tolerations })
  })
})

describe('pod security', () => {
  function namespaceWith(labels: Record<string, string>): Objects {
    return { namespaces: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'd', labels } }] }
  }

  test('restricted is met by a pod that confines itself', () => {
    const objects = namespaceWith({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    }
    const good = made('Pod', 'a', { spec: { containers: [{ name: 'c', image: 'i', securityContext }] } })
    expect(check(creating('pods', good, objects))).toEqual([])
    const volumes = [{ name: 'v', hostPath: { path: '/x' } }]
    const bad = made('Pod', 'a', { spec: { containers: [{ name: 'c', image: 'i', securityContext }], volumes } })
    expect(() => check(creating('pods', bad, objects))).toThrow(
      'violates PodSecurity "restricted:latest": restricted volume types (volume "v" uses restricted volume type "hostPath")',
    )
  })

  test('a namespace without labels lets everything in', () => {
    const pod = podOf('a', {}, { hostPID: true })
    expect(check(creating('pods', pod, namespaceWith({})))).toEqual([])
  })
})
