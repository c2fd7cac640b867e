import { expect, test } from 'vitest'
import type { LiveObject } from '../../../live/index.ts'
import { groupOf, type KubeObject } from '../../../model/index.ts'
import { nodeFacts } from './node-facts.ts'

function factsOf(object: Partial<KubeObject> & { kind: string }) {
  const { apiVersion = 'v1', kind, metadata } = object
  const whole = { apiVersion, ...object, metadata: { name: 'one', namespace: 'shop', ...metadata } } as KubeObject
  const key = { group: groupOf(apiVersion), kind, namespace: 'shop', name: 'one' }
  return nodeFacts({ key, object: whole } as LiveObject)
}

function infoOf(object: Parameters<typeof factsOf>[0]): Record<string, string> {
  return Object.fromEntries(factsOf(object).info.map(({ name, value }) => [name, value]))
}

const container = (name: string, more: object = {}) => ({ name, image: `registry.example.com/${name}:1`, ...more })

function pod(spec: object, status: object, metadata: object = {}) {
  return { kind: 'Pod', metadata: { name: 'one', ...metadata }, spec: { nodeName: 'node-1', ...spec }, status }
}

const running = { ready: true, restartCount: 0, state: { running: {} } }

test('a running Pod tells its node, its ready containers and what it has asked for', () => {
  const requests = { resources: { requests: { cpu: '100m', memory: '64Mi' } } }
  const two = { containers: [container('web', requests), container('log', requests)] }
  const status = {
    phase: 'Running',
    containerStatuses: [
      { name: 'web', ...running },
      { name: 'log', ready: false },
    ],
  }
  expect(infoOf(pod(two, status))).toEqual({
    'Status Reason': 'Running',
    Node: 'node-1',
    Containers: '1/2',
    cpu: '200',
    memory: String(2 * 64 * 1024 * 1024 * 1000),
  })
  expect(factsOf(pod(two, status)).images).toEqual(['registry.example.com/web:1', 'registry.example.com/log:1'])
})

const one = { containers: [container('web')] }
const withInit = { ...one, initContainers: [container('migrate'), container('warm')] }
const withSidecar = { ...one, initContainers: [container('proxy', { restartPolicy: 'Always' })] }
const initDone = { name: 'migrate', state: { terminated: { exitCode: 0 } } }

const reasons: [what: string, spec: object, status: object, reason: string, ready?: string][] = [
  [
    'a pull that fails',
    one,
    { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] },
    'ErrImagePull',
  ],
  [
    'an exit code',
    one,
    { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] },
    'ExitCode:3',
  ],
  ['a signal', one, { phase: 'Failed', containerStatuses: [{ state: { terminated: { signal: 9 } } }] }, 'Signal:9'],
  ['eviction', one, { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
  [
    'a gate',
    one,
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] },
    'SchedulingGated',
  ],
  [
    'the second of two init containers',
    withInit,
    { phase: 'Pending', initContainerStatuses: [initDone, { name: 'warm', state: { running: {} } }] },
    'Init:1/2',
  ],
  [
    'an init container that has failed',
    withInit,
    {
      phase: 'Pending',
      initContainerStatuses: [{ name: 'migrate', state: { terminated: { exitCode: 1, reason: 'Error' } } }],
    },
    'Init:Error',
  ],
  [
    'an init container that cannot begin',
    withInit,
    {
      phase: 'Pending',
      initContainerStatuses: [{ name: 'migrate', state: { waiting: { reason: 'ImagePullBackOff' } } }],
    },
    'Init:ImagePullBackOff',
  ],
  [
    'a sidecar',
    withSidecar,
    {
      phase: 'Running',
      initContainerStatuses: [{ name: 'proxy', started: true, ...running }],
      containerStatuses: [running],
    },
    'Running',
    '2/2',
  ],
  [
    'a container that has completed beside one that runs',
    { containers: [container('a'), container('b')] },
    { phase: 'Running', containerStatuses: [{ state: { terminated: { reason: 'Completed' } } }, running] },
    'Running',
    '1/2',
  ],
]
for (const [what, spec, status, reason, ready] of reasons) {
  test(`a Pod with ${what} says ${reason}`, () => {
    const info = infoOf(pod(spec, status))
    expect(info['Status Reason']).toBe(reason)
    if (ready) expect(info.Containers).toBe(ready)
  })
}

test('a Pod that is being deleted is terminating, unless its node is lost', () => {
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' }
  expect(infoOf(pod(one, { phase: 'Running' }, deleted))['Status Reason']).toBe('Terminating')
  expect(infoOf(pod(one, { phase: 'Running', reason: 'NodeLost' }, deleted))['Status Reason']).toBe('Unknown')
})

test('restarts are counted, and a Pod that has ended takes nothing', () => {
  const status = {
    phase: 'Succeeded',
    containerStatuses: [{ restartCount: 4, state: { terminated: { reason: 'Completed' } } }],
  }
  expect(infoOf(pod(one, status))).toEqual({
    'Status Reason': 'Completed',
    Node: 'node-1',
    Containers: '0/1',
    'Restart Count': '4',
  })
})

test('init containers count as far as they need more than what comes after them', () => {
  const cpu = (amount: string) => ({ resources: { requests: { cpu: amount } } })
  const spec = {
    containers: [container('web', cpu('100m'))],
    initContainers: [container('proxy', { ...cpu('50m'), restartPolicy: 'Always' }), container('migrate', cpu('1'))],
    overhead: { cpu: '10m' },
  }
  expect(infoOf(pod(spec, { phase: 'Running' })).cpu).toBe('1060')
})

test('a ReplicaSet tells its revision', () => {
  const metadata = { name: 'one', annotations: { 'deployment.kubernetes.io/revision': '7' } }
  expect(infoOf({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata })).toEqual({ Revision: 'Rev:7' })
})

test('a Service leads to Pods by labels, and tells its addresses when it is balanced', () => {
  const spec = { type: 'LoadBalancer', selector: { app: 'web' } }
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example.com', ip: '192.0.2.2' }] } }
  expect(factsOf({ kind: 'Service', spec, status }).networkingInfo).toEqual({
    targetLabels: { app: 'web' },
    ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example.com' }],
  })
})

test('an Ingress leads to Services, and to addresses that people can open', () => {
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const spec = {
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [
            { path: '/cart/*', backend },
            { path: '/', backend },
          ],
        },
      },
    ],
    tls: [{ hosts: ['shop.example.com'] }],
  }
  expect(factsOf({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec }).networkingInfo).toEqual({
    targetRefs: [{ group: '', kind: 'Service', namespace: 'shop', name: 'web' }],
    ingress: [],
    externalURLs: ['https://shop.example.com/cart/', 'https://shop.example.com/'],
  })
})

test('an Ingress without a host is opened at the address of its balancer', () => {
  const spec = { rules: [{ http: { paths: [{ path: '/', backend: {} }] } }] }
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }
  const { networkingInfo } = factsOf({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec, status })
  expect(networkingInfo?.externalURLs).toEqual(['http://192.0.2.1/'])
})

test('links of annotations are told as far as a page may follow them', () => {
  const annotations = {
    'link.argocd.argoproj.io/docs': 'Docs|https://docs.example.com',
    'link.argocd.argoproj.io/plain': 'https://example.com/a|b',
    'link.argocd.argoproj.io/script': 'javascript:alert(1)',
    'link.argocd.argoproj.io/hidden': 'Docs|javascript:alert(1)',
    'link.argocd.argoproj.io/none': '',
  }
  const facts = factsOf({ kind: 'ConfigMap', metadata: { name: 'one', annotations } })
  expect(facts.networkingInfo).toEqual({ externalURLs: ['Docs|https://docs.example.com'] })
})

test('a Gateway and its routes are put together', () => {
  const gateway = factsOf({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    spec: {
      listeners: [
        { protocol: 'HTTPS', port: 8443, hostname: 'shop.example.com' },
        { protocol: 'HTTP', port: 80 },
      ],
    },
    status: { addresses: [{ type: 'IPAddress', value: '192.0.2.1' }] },
  })
  expect(gateway.networkingInfo?.externalURLs).toEqual(['https://shop.example.com:8443', 'http://192.0.2.1'])
  const route = factsOf({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    spec: { parentRefs: [{ name: 'gw', namespace: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
  })
  expect(route.networkingInfo?.targetRefs).toEqual([
    { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'edge', name: 'gw' },
    { group: '', kind: 'Service', namespace: 'shop', name: 'web' },
  ])
})

test('objects in which nothing is as it should be break nothing', () => {
  for (const kind of ['Pod', 'Service'])
    expect(factsOf({ kind, spec: [1, null], status: { containerStatuses: 'no', phase: 7 } as object }).version).toBe(
      'v1',
    )
  const odd = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    spec: { rules: [null, 'a', { http: 3 }], tls: {} },
  }
  expect(factsOf(odd).networkingInfo).toEqual({ targetRefs: [], ingress: [] })
})
