import { expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { stage } from './testing/stage.ts'
import type { Service } from './workload.ts'

const services = { group: '', version: 'v1', resource: 'services' }
const endpoints = { group: '', version: 'v1', resource: 'endpoints' }
const slices = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }
const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' }
const podsName = { group: '', version: 'v1', resource: 'pods' }

function start(spec: Partial<Service['spec']> = {}, podCount = 2, image = 'i') {
  const play = stage({ nodes: 2 })
  const metadata = { name: 'web', namespace: 'demo', labels: { team: 'a' } }
  const ports = [{ name: 'http', port: 80, targetPort: 'web', protocol: 'TCP' }]
  play.cluster.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: 'web' }, ports, ...spec },
  })
  const containers = [{ name: 'c', image, ports: [{ name: 'web', containerPort: 8080 }] }]
  for (let n = 0; n < podCount; n++) {
    const pod = { name: `p-${String(n).padStart(3, '0')}`, namespace: 'demo', labels: { app: 'web' } }
    play.cluster.create(podsName, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: pod,
      spec: { containers, restartPolicy: 'Always' },
    })
  }
  play.settle(1000)
  return {
    ...play,
    service: () => play.one(services, 'web') as Service,
    subsets: () =>
      (play.one(endpoints, 'web')?.subsets ?? []) as { addresses?: object[]; notReadyAddresses?: object[] }[],
    slices: () => play.cluster.list(slices) as (KubeObject & { endpoints: { conditions: object }[] })[],
  }
}

test('ready pods stand behind their service, under the number of the port they name', () => {
  const { subsets, slices, pods } = start()
  const [first] = pods()
  expect(subsets()).toHaveLength(1)
  expect(subsets()[0]).toMatchObject({ ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] })
  expect(subsets()[0]?.addresses).toHaveLength(2)
  expect(slices()).toHaveLength(1)
  expect(slices()[0]).toMatchObject({
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    metadata: { labels: { 'kubernetes.io/service-name': 'web', team: 'a' } },
  })
  expect(slices()[0]?.endpoints[0]).toEqual({
    addresses: [first?.status?.podIP],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: first?.spec.nodeName,
    targetRef: { kind: 'Pod', namespace: 'demo', name: 'p-000', uid: first?.metadata.uid },
  })
})

test('pods that are not ready are told of as such', () => {
  const { subsets, slices } = start({}, 1, 'crash')
  expect(subsets()[0]).not.toHaveProperty('addresses')
  expect(subsets()[0]?.notReadyAddresses).toHaveLength(1)
  expect(slices()[0]?.endpoints[0]?.conditions).toMatchObject({ ready: false, serving: false })
})

test('a pod that goes leaves, and a service that goes takes its endpoints along', () => {
  const { subsets, cluster, settle, one } = start()
  cluster.delete({ ...podsName, namespace: 'demo', name: 'p-000' })
  settle(1000)
  expect(subsets()[0]?.addresses).toHaveLength(1)
  cluster.delete({ ...services, namespace: 'demo', name: 'web' })
  settle(1000)
  expect(one(endpoints, 'web')).toBeUndefined()
})

test('more than a hundred endpoints are spread over several slices', () => {
  const { slices, cluster, settle } = start({}, 120)
  expect(slices().map((slice) => slice.endpoints.length)).toEqual([100, 20])
  for (let n = 0; n < 30; n++)
    cluster.delete({ ...podsName, namespace: 'demo', name: `p-0${String(n).padStart(2, '0')}` })
  settle(1000)
  expect(slices().map((slice) => slice.endpoints.length)).toEqual([90])
})

test('a service without a selector is left to its owner', () => {
  const { one, slices } = start({ selector: undefined })
  expect(one(endpoints, 'web')).toBeUndefined()
  expect(slices()).toEqual([])
})

test('a load balancer and an ingress get an address, once', () => {
  const { service, cluster, settle, one, patch } = start({ type: 'LoadBalancer' })
  const given = service().status?.loadBalancer
  expect(given?.ingress).toMatchObject([{ ipMode: 'VIP' }])
  const metadata = { name: 'web', namespace: 'demo' }
  cluster.create(ingresses, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: {} })
  settle()
  expect(one(ingresses, 'web')?.status).toEqual({ loadBalancer: { ingress: [{ ip: '172.18.0.2' }] } })
  patch(services, 'web', { type: 'ClusterIP' })
  expect(service().status?.loadBalancer).toEqual({})
})
