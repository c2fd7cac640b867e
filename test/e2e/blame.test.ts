import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectComparison } from '../../src/model/index.ts'
import { tiphysIn } from './command-line.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const policy = { automated: { selfHeal: false }, syncOptions: ['CreateNamespace=true'] }

const tiphys = (...args: string[]) => tiphysIn(world, args)

async function compared(app: App, name: string): Promise<ObjectComparison | undefined> {
  const { out } = await tiphys('app', 'diff', app.name, '--allow-local', '-o', 'json')
  return (JSON.parse(out) as ObjectComparison[]).find((one) => one.name === name)
}

const recently = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)

test('every drifted field has its own author, with operation, subresource and time', async () => {
  const files = {
    'web.yaml': deployment('web', { replicas: 2 }),
    'config.yaml': configMap('config', { a: '1', b: '2' }),
  }
  const app = await world.application(world.repository(files), { syncPolicy: policy })
  await app.settled()
  const web = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' }
  const scale = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'web', namespace: app.namespace },
    spec: { replicas: 5 },
  }
  await world.client.patch(web, scale, { type: 'merge', subresource: 'scale', fieldManager: 'autoscaler' })
  const image = {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example.com/web:9' }] } } },
  }
  await world.client.patch(web, image, { type: 'strategic', fieldManager: 'kubectl-edit' })
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config', namespace: app.namespace },
    data: { a: 'theirs' },
  }
  await world.client.apply(config, { fieldManager: 'other-tool', force: true })

  const found = await compared(app, 'web')
  expect(found?.verdict).toBe('changed')
  expect(Object.fromEntries((found?.fields ?? []).map(({ path, author }) => [path, author]))).toEqual({
    // Servers keep no time for what is written through scale.
    'spec.replicas': { manager: 'autoscaler', operation: 'Update', subresource: 'scale' },
    'spec.template.spec.containers[name=main].image': { manager: 'kubectl-edit', operation: 'Update', time: recently },
  })
  expect((await compared(app, 'config'))?.fields).toEqual([
    {
      path: 'data.a',
      desired: '1',
      live: 'theirs',
      author: { manager: 'other-tool', operation: 'Apply', time: recently },
    },
  ])
  const { code, out } = await tiphys('app', 'diff', app.name, '--allow-local')
  expect(code).toBe(1)
  expect(out).toMatch(/spec\.replicas: 5 → 2\n {4}set by autoscaler \(Update of scale\)\n/)
  expect(out).toMatch(/image: ".*web:9" → ".*web:1.0"\n {4}set by kubectl-edit \(Update\), \d+ seconds? ago \(/)
})

test('a field that was taken away is told with who did it', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config', { a: '1', b: '2' }) }), {
    syncPolicy: policy,
  })
  await app.settled()
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
  await world.client.patch(target, { data: { b: null, c: '3' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  const found = await compared(app, 'config')
  expect(found?.fields).toEqual([
    { path: 'data.b', desired: '2', author: { manager: 'kubectl-edit', operation: 'Update', time: recently } },
  ])
})

test('what others have set and Git leaves open is told, and is no drift', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config', { a: '1' }) }), {
    syncPolicy: policy,
  })
  await app.settled()
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
  await world.client.patch(target, { data: { extra: 'theirs' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  const found = await compared(app, 'config')
  expect(found).toMatchObject({
    verdict: 'synced',
    undeclared: [
      { path: 'data.extra', live: 'theirs', author: { manager: 'kubectl-edit', operation: 'Update', time: recently } },
    ],
  })
  expect(await tiphys('app', 'diff', app.name, '--allow-local')).toMatchObject({ code: 0, out: '' })
  expect((await tiphys('app', 'diff', app.name, '--allow-local', '--all')).out).toMatch(
    /data\.extra: "theirs" — kubectl-edit/,
  )
})
