/** Hooks of every kind run in their phases, and none of them leaves an operation hanging. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../src/model/index.ts'
import { configMap, hookJob, inWave } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({
    'resource.customizations.health.example.com_Flow': `hs = {status = "Progressing", message = "not yet"}
if obj.status ~= nil and obj.status.phase == "Succeeded" then hs = {status = "Healthy", message = "flown"} end
return hs`,
  })
})
afterAll(() => world.stop())

const policy = 'argocd.argoproj.io/hook-delete-policy'
/** It never ends by itself: its image cannot be pulled. */
const endless = (name: string) => hookJob(name, 'PreSync').replace('hook:1.0', 'missing:1.0')
const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

async function deploy(files: Record<string, string>): Promise<App> {
  const app = await world.application(world.repository(files), manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  return app
}

async function until<Found>(find: () => Promise<Found | undefined>): Promise<Found> {
  for (let tries = 0; ; tries++) {
    const found = await find()
    if (found !== undefined) return found
    if (tries > 600) throw new Error('it has not come')
    await sleep(50)
  }
}

const jobTarget = (app: App, name: string) => ({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  namespace: app.namespace,
  name,
})

test('phases follow each other; policies, generated names and Helm hooks are followed', async () => {
  const helm = hookJob('helm', '')
    .replace('"argocd.argoproj.io/hook":""', '"helm.sh/hook":"pre-install","helm.sh/hook-weight":"-3"')
    .replace('"argocd.argoproj.io/hook": ""', '"helm.sh/hook":"pre-install","helm.sh/hook-weight":"-3"')
  const app = await deploy({
    'all.yaml':
      helm +
      hookJob('before', 'PreSync') +
      configMap('config') +
      hookJob('after-', 'PostSync', { [policy]: 'HookSucceeded' }).replace('  name: after-', '  generateName: after-') +
      hookJob('sorry', 'SyncFail') +
      hookJob('never', 'Skip'),
  })
  const { phase, syncResult } = await app.sync()
  expect(phase).toBe('Succeeded')
  const order = (syncResult?.resources ?? []).map(({ kind, name, hookType, hookPhase }) =>
    [kind, name.replace(/^after-.*/, 'after'), hookType, hookPhase].filter(Boolean).join(' '),
  )
  expect(order.filter((line) => line.startsWith('Job'))).toEqual([
    'Job helm PreSync Succeeded',
    'Job before PreSync Succeeded',
    'Job after PostSync Succeeded',
  ])
  const name = syncResult?.resources?.find(({ hookType }) => hookType === 'PostSync')?.name ?? ''
  expect(name).toMatch(/^after-[0-9a-f]{7}-postsync-\d+$/)
  expect(await until(async () => ((await app.live('Job', name)) ? undefined : 'gone'))).toBe('gone')
  expect((await app.live('Job', 'before'))?.metadata.finalizers ?? []).toEqual([])
})

test('a hook that is deleted from outside ends the operation', async () => {
  const app = await deploy({ 'all.yaml': endless('before') + configMap('config') })
  const ended = app.sync()
  await until(() => app.live('Job', 'before'))
  await world.client.delete(jobTarget(app, 'before'), { propagationPolicy: 'Background' })
  expect(await ended).toMatchObject({ phase: 'Failed' })
  expect(app.status().operationState?.message).toContain('deleted before it ')
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})

test('a hook that its own time to live deletes is seen to its end', async () => {
  const brief = hookJob('before', 'PreSync').replace('backoffLimit: 0', 'backoffLimit: 0\n  ttlSecondsAfterFinished: 0')
  const app = await deploy({ 'all.yaml': brief + configMap('config') })
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })
  expect(app.status().operationState?.syncResult?.resources?.[0]).toMatchObject({ hookPhase: 'Succeeded' })
})

test('a hook with a finalizer of its own ends with its work, and does not hold the operation', async () => {
  const held = hookJob('before', 'PreSync', { [policy]: 'HookSucceeded' }).replace(
    'metadata:\n',
    'metadata:\n  finalizers: [example.com/held]\n',
  )
  const app = await deploy({ 'all.yaml': held + configMap('config') })
  expect(await app.sync()).toMatchObject({ phase: 'Succeeded' })
  await world.client.patch(jobTarget(app, 'before'), { metadata: { finalizers: [] } }, { type: 'merge' })
})

test('a terminated operation deletes its running hook and ends', async () => {
  const app = await deploy({ 'all.yaml': endless('before') + configMap('config') })
  const ended = app.sync()
  await until(() => app.live('Job', 'before'))
  await app.patch({ status: { operationState: { phase: 'Terminating' } } })
  expect(await ended).toMatchObject({ phase: 'Failed', message: 'Operation terminated' })
  expect(await until(async () => ((await app.live('Job', 'before')) ? undefined : 'gone'))).toBe('gone')
})

test('a try that takes too long is terminated', async () => {
  const app = await deploy({ 'all.yaml': endless('before') + configMap('config') })
  await app.patch({ metadata: { annotations: { 'tiphys.dev/sync-timeout': '2s' } } })
  expect(await app.sync()).toMatchObject({
    phase: 'Failed',
    message: 'Operation terminated, triggered by controller sync timeout',
  })
})

test('a hook of a kind with health of its own is waited for', async () => {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const definition: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'flows.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Flow', plural: 'flows', singular: 'flow', listKind: 'FlowList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }
  await world.client.apply(definition)
  await until(async () => (await world.client.apiResources({ refresh: true })).find('example.com', 'Flow'))
  const flow = `apiVersion: example.com/v1
kind: Flow
metadata:
  name: before
  annotations: {argocd.argoproj.io/hook: PreSync}
---
`
  const app = await deploy({ 'all.yaml': flow + inWave(1, configMap('config')) })
  const ended = app.sync()
  await app.until('it is waited for', ({ operationState }) => operationState?.message?.includes('not yet') === true)
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
  const target = { group: 'example.com', version: 'v1', kind: 'Flow', namespace: app.namespace, name: 'before' }
  await world.client.patch(target, { status: { phase: 'Succeeded' } }, { type: 'merge' })
  expect(await ended).toMatchObject({ phase: 'Succeeded' })
})
