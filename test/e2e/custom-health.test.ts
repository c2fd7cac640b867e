/** Health by scripts in argocd-cm, by our own rules, and its cause below custom resources. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

const group = 'widgets.example.com'
const ofDefinitions = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' }

const script = `
local phase = obj.data and obj.data.phase or "none"
if phase == "up" then return { status = "Healthy" } end
return { status = "Degraded", message = "phase is " .. phase }`

let world: World
beforeAll(async () => {
  world = await startWorld({ 'resource.customizations.health.ConfigMap': script })
})
afterAll(async () => {
  await world.client.delete({ ...ofDefinitions, namespace: '', name: `widgets.${group}` })
  await world.stop()
})

async function configure(data: Record<string, string | null>): Promise<void> {
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace, name: 'argocd-cm' }
  await world.client.patch(target, { data }, { type: 'merge', fieldManager: 'e2e' })
}

function health(app: App) {
  return app.status().health
}

test('a script decides, and one that is changed counts without a restart', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config', { phase: 'down' }) }))
  await app.until('Degraded', ({ health }) => health?.status === 'Degraded')
  expect(health(app)).toMatchObject({ message: 'ConfigMap config: phase is down' })

  await configure({
    'resource.customizations.health.ConfigMap': 'return { status = "Suspended", message = "by script" }',
  })
  await app.until('Suspended', ({ health }) => health?.status === 'Suspended')
  expect(health(app)).toMatchObject({ message: 'ConfigMap config: by script' })

  await configure({ 'resource.customizations.health.ConfigMap': 'return obj.status.phase' })
  await app.until('Unknown', ({ health }) => health?.status === 'Unknown')
  expect(health(app)).toMatchObject({
    message: expect.stringContaining(
      "resource.customizations.health.ConfigMap of argocd-cm, line 1: attempt to index a nil value (field 'status')",
    ),
  })

  await configure({ 'resource.customizations.health.ConfigMap': null })
  await app.until('Healthy', ({ health }) => health?.status === 'Healthy')
})

test('a script that never ends harms nobody else', async () => {
  await configure({ 'resource.customizations.health.ConfigMap': 'while true do end' })
  const other = await world.application(world.repository({ 'web.yaml': deployment('web') }))
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }))
  await app.until('Unknown', ({ health }) => /ran for more than|has run for too long/.test(health?.message ?? ''))
  await other.settled()
  await configure({ 'resource.customizations.health.ConfigMap': null })
  await app.until('Healthy', ({ health }) => health?.status === 'Healthy')
})

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.${group}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
---
`

const widget = `apiVersion: ${group}/v1
kind: Widget
metadata:
  name: big
spec:
  size: 1
`

test('a custom resource without a rule is judged by its standard conditions, and its pod is named as the cause', async () => {
  const app = await world.application(world.repository({ 'crd.yaml': definition, 'widget.yaml': widget }))
  await app.settled()
  const target = { group, version: 'v1', kind: 'Widget', namespace: app.namespace, name: 'big' }
  const owner = (await world.client.get(target)) as KubeObject
  const condition = { type: 'Ready', status: 'False', reason: 'PodNotReady', message: 'waiting for its pod' }
  await world.client.patch(target, { status: { conditions: [condition] } }, { type: 'merge', subresource: 'status' })
  await app.until('Progressing', ({ health }) => health?.status === 'Progressing')
  expect(health(app)).toMatchObject({ message: 'Widget big: PodNotReady: waiting for its pod' })

  await world.client.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'big-0',
      namespace: app.namespace,
      ownerReferences: [{ apiVersion: `${group}/v1`, kind: 'Widget', name: 'big', uid: owner.metadata.uid ?? '' }],
    },
    spec: {
      nodeSelector: { 'example.com/no-such-node': 'true' },
      containers: [{ name: 'main', image: 'registry.example.com/missing:1.0' }],
    },
  })
  await app.until(
    'the pod as the cause',
    ({ health }) => health?.message?.startsWith('Widget big → Pod big-0: ') === true,
  )

  const ready = { type: 'Ready', status: 'True', reason: 'AllGood', message: '' }
  await world.client.patch(target, { status: { conditions: [ready] } }, { type: 'merge', subresource: 'status' })
  await app.until('Healthy', ({ health }) => health?.status === 'Healthy')
})

const program = fileURLToPath(new URL('../../bin/tiphys', import.meta.url))

test('the command line judges a thousand objects as the controller does, with no cluster', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web') }))
  await app.settled()
  const web = (await app.live('Deployment', 'web')) as KubeObject
  const items = Array.from({ length: 1000 }, (_, at) => ({ ...web, metadata: { ...web.metadata, name: `web-${at}` } }))
  const health = (objects: object[], ...flags: string[]) =>
    spawnSync(process.execPath, [program, 'health', ...flags, '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
      encoding: 'utf8',
    })
  const all = health(items, '--exit-code')
  expect({ status: all.status, lines: all.stdout.trim().split('\n').length }).toEqual({ status: 0, lines: 1000 })
  expect(JSON.parse(all.stdout.split('\n')[999] ?? '')).toEqual({
    group: 'apps',
    kind: 'Deployment',
    namespace: app.namespace,
    name: 'web-999',
    status: 'Healthy',
    message: '',
  })
  const ill = [...items.slice(0, 1), { ...web, status: {} }]
  expect(health(ill).status).toBe(0)
  expect(health(ill, '--exit-code').status).toBe(1)
  expect(health([{ kind: 'Widget' }])).toMatchObject({ status: 20, stdout: '' })
})
