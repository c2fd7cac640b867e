import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect } from '../src/kube/connect.ts'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { type LiveCluster, openLiveCluster, rememberWrites } from '../src/live/index.ts'
import type { KubeObject } from '../src/model/index.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'

let sandbox: Sandbox
let folder: string
let client: KubeClient
let live: LiveCluster

beforeAll(async () => {
  sandbox = await startSandbox()
  folder = await mkdtemp(join(tmpdir(), 'live-'))
  await writeFile(join(folder, 'kubeconfig'), sandbox.kubeconfig)
  const direct = connect(await loadConfig({ kubeconfig: join(folder, 'kubeconfig') }))
  live = openLiveCluster({ client: direct, log: { debug: () => {}, info: () => {}, warn: () => {} } })
  client = rememberWrites(direct, live)
  await live.ready()
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
})

afterAll(async () => {
  await live.close()
  await client.close()
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 })
const key = (group: string, kind: string, name: string) => ({ group, kind, namespace: 'shop', name })

function tracked(apiVersion: string, kind: string, spec: object): KubeObject {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  const annotations = { 'argocd.argoproj.io/tracking-id': `web:${group}/${kind}:shop/web` }
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop', annotations }, spec }
}

const definition = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  namespace: '',
  name: 'widgets.example.com',
}

const deployment = tracked('apps/v1', 'Deployment', {
  replicas: 2,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
})

test('an applied deployment is there at once, and its pods appear below it with their status', async () => {
  await live.require([{ group: 'apps', kind: 'Deployment' }])
  await client.apply(deployment)
  const root = live.get(key('apps', 'Deployment', 'web'))
  expect(root).toMatchObject({ full: true, instance: 'web' })
  await until(() => {
    const [replicaSet] = live.children(root?.uid ?? '')
    const pods = live.children(replicaSet?.uid ?? '')
    expect(pods.map(({ object }) => (object.status as { phase?: string }).phase)).toEqual(['Running', 'Running'])
  })
  expect(live.managedBy('web').map(({ key }) => key.kind)).toEqual(['Deployment'])
})

test('applying the same again changes nothing that is told', async () => {
  await until(() =>
    expect(live.get(key('apps', 'Deployment', 'web'))?.object.status).toMatchObject({ readyReplicas: 2 }),
  )
  const before = live.get(key('apps', 'Deployment', 'web'))?.contentHash
  const contentChanges: string[] = []
  const stop = live.onChange(({ key, statusOnly }) => {
    if (!statusOnly) contentChanges.push(key.kind)
  })
  await client.apply(deployment)
  await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'last', namespace: 'shop' } })
  await until(() => expect(contentChanges).toEqual(['ConfigMap']))
  expect(live.get(key('apps', 'Deployment', 'web'))?.contentHash).toBe(before)
  stop()
})

test('a custom kind can be used as soon as its definition is established', async () => {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  await client.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  })
  await until(() => expect(live.scope('example.com', 'Widget')).toBe('Namespaced'))
  await client.apply(tracked('example.com/v1', 'Widget', { size: 1 }))
  await until(() => expect(live.get(key('example.com', 'Widget', 'web'))).toMatchObject({ full: true }))
  await client.delete(definition)
  await until(() => expect(live.get(key('example.com', 'Widget', 'web'))).toBeUndefined())
})

test('a deployment that is deleted takes what belongs to it along', async () => {
  const root = live.get(key('apps', 'Deployment', 'web'))
  await client.delete({ ...key('apps', 'Deployment', 'web'), version: 'v1' }, { propagationPolicy: 'Foreground' })
  await until(() => {
    expect(live.managedBy('web')).toEqual([])
    expect(live.children(root?.uid ?? '')).toEqual([])
  })
})
