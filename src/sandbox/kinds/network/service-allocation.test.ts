import { expect, test } from 'vitest'
import type { KubeObject } from '../../object.ts'
import { StatusError } from '../../status.ts'
import { allocateService } from './service-allocation.ts'

function serviceOf(name: string, spec: Record<string, unknown>): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'd', uid: name }, spec }
}

function viewOf(services: KubeObject[]) {
  return { get: () => undefined, list: () => services }
}

function fieldsOf(service: KubeObject): Record<string, unknown> {
  return service.spec as Record<string, unknown>
}

test('many services get addresses and ports of their own', () => {
  const services: KubeObject[] = []
  for (let index = 0; index < 200; index++) {
    const service = serviceOf(`s${index}`, { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP' }] })
    allocateService(service, undefined, viewOf(services))
    services.push(service)
  }
  expect(new Set(services.map((service) => fieldsOf(service).clusterIP)).size).toBe(200)
  const ports = services.map((service) => (fieldsOf(service).ports as { nodePort: number }[])[0]?.nodePort ?? 0)
  expect(new Set(ports).size).toBe(200)
  expect(ports.every((port) => port >= 30000 && port <= 32767)).toBe(true)
})

test('one port of two protocols has one node port', () => {
  const ports = [
    { name: 'a', port: 53, protocol: 'TCP' },
    { name: 'b', port: 53, protocol: 'UDP' },
  ]
  const service = serviceOf('dns', { type: 'LoadBalancer', ports })
  allocateService(service, undefined, viewOf([]))
  const [first, second] = fieldsOf(service).ports as { nodePort: number }[]
  expect(first?.nodePort).toBe(second?.nodePort)
})

test('an address that another service holds is refused', () => {
  const held = serviceOf('held', { type: 'ClusterIP', clusterIPs: ['10.0.5.5'], ports: [] })
  const asking = serviceOf('asking', { type: 'ClusterIP', clusterIP: '10.0.5.5', clusterIPs: ['10.0.5.5'], ports: [] })
  expect(() => allocateService(asking, undefined, viewOf([held]))).toThrow(StatusError)
})

test('a second family is refused, except by a headless service that selects nothing', () => {
  const dual = serviceOf('dual', { type: 'ClusterIP', ipFamilyPolicy: 'RequireDualStack', ports: [] })
  expect(() => allocateService(dual, undefined, viewOf([]))).toThrow('not configured for dual-stack services')
  const headless = serviceOf('headless', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: [] })
  allocateService(headless, undefined, viewOf([]))
  expect(fieldsOf(headless)).toMatchObject({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' })
  expect(() => allocateService(headless, headless, viewOf([]))).not.toThrow()
})
