import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configMap } from './manifests.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  // Nothing but events makes Tiphys look.
  world = await startWorld({
    'timeout.reconciliation': '1h',
    'resource.customizations.ignoreResourceUpdates.ConfigMap': 'jsonPointers: [/data/noise]',
  })
})
afterAll(() => world.stop())

test('a change of nothing but such fields brings no look; any other does, and so does asking', async () => {
  const source = world.repository({ 'config.yaml': configMap('config', { noise: '1', value: '1' }) })
  const app = await world.application(source, {
    syncPolicy: { automated: { selfHeal: false }, syncOptions: ['CreateNamespace=true'] },
  })
  await app.settled()
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
  const set = (data: object) => world.client.patch(target, { data }, { type: 'merge', fieldManager: 'kubectl-edit' })
  await set({ noise: '2' })
  await sleep(1500)
  expect(app.status().sync?.status).toBe('Synced')
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  await set({ noise: '1', value: '1' })
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } })
  await app.until('Synced', ({ sync }) => sync?.status === 'Synced')
  await set({ noise: '3', value: '2' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
})
