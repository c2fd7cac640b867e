import { expect, test } from 'vitest'
import type { LiveObject } from './live-object.ts'
import { NodeLoads } from './node-loads.ts'
import { podLoad } from './pod-load.ts'

function pod(node: string, cpu: string, phase = 'Running'): LiveObject {
  const spec = { nodeName: node, containers: [{ name: 'main', resources: { requests: { cpu, memory: '1Mi' } } }] }
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec, status: { phase } }
  return { load: podLoad(object) } as LiveObject
}

test('a node bears what its Pods ask for, until they change, end, move or go', () => {
  const loads = new NodeLoads()
  const [waiting, running, ended] = [pod('', '100m', 'Pending'), pod('one', '100m'), pod('one', '100m', 'Succeeded')]
  loads.apply({ current: pod('one', '1') })
  loads.apply({ current: waiting })
  expect(loads.on('one')).toMatchObject({ cpu: 1000, memory: 1048576000 })
  loads.apply({ previous: waiting, current: running })
  expect(loads.on('one').cpu).toBe(1100)
  const resized = pod('one', '200m')
  loads.apply({ previous: running, current: resized })
  expect(loads.on('one').cpu).toBe(1200)
  loads.apply({ previous: resized, current: ended })
  expect(loads.on('one').cpu).toBe(1000)
  loads.apply({ previous: ended, current: pod('two', '300m') })
  expect(loads.on('two').cpu).toBe(300)
  loads.apply({ previous: pod('one', '1') })
  expect(loads.on('one')).toEqual({ cpu: 0, memory: 0, storage: 0 })
  expect(loads.on('three').cpu).toBe(0)
})

test('other kinds bear on nothing', () => {
  expect(podLoad({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } })).toBeUndefined()
})
