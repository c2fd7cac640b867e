import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApplicationSource } from '../model/index.ts'
import {
  makeDirectory,
  makeRepository,
  type TestDirectory,
  type TestRepository,
} from '../source/fixtures/repository.ts'
import { openSources, type Sources } from '../source/sources.ts'
import { openRenderer, type Rendered, type Renderer } from './renderer.ts'
import { findTools } from './tools.ts'

let cache: TestDirectory
let repository: TestRepository
let sources: Sources
let renderer: Renderer

beforeEach(() => {
  cache = makeDirectory()
  repository = makeRepository()
  sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: Date })
  renderer = openRenderer({ tools: findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools') }) })
})

afterEach(async () => {
  await sources.close()
  repository.remove()
  cache.remove()
})

async function render(source: Omit<ApplicationSource, 'repoURL'>): Promise<Rendered> {
  const at = { repoURL: repository.path, ...source }
  const { revision } = await sources.resolve(at, { refresh: true })
  return renderer.render({
    application: { name: 'web', namespace: 'argocd', project: 'default', destinationNamespace: 'shop' },
    source: at,
    revision,
    tree: await sources.tree(at, revision),
    cluster: { version: 'v1.35.0', apiVersions: ['v1', 'apps/v1'] },
  })
}

const configMap = (name: string, data = 'a: "1"'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`

test('a directory of YAML and JSON gives its objects in the order of the files', async () => {
  repository.commit({
    'app/b.yaml': `${configMap('b1')}---\n# nothing\n---\n${configMap('b2')}`,
    'app/a.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
    'app/README.md': 'text',
    'app/sub/c.yaml': configMap('c'),
  })
  const { manifests, sourceType } = await render({ path: 'app' })
  expect(sourceType).toBe('Directory')
  expect(manifests.map(({ object, file, line }) => [object.metadata.name, file, line])).toEqual([
    ['a', 'app/a.json', 1],
    ['b1', 'app/b.yaml', 1],
    ['b2', 'app/b.yaml', 10],
  ])
})

test('a chart is rendered with the spec of its source', async () => {
  repository.commit({
    'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
    'chart/values.yaml': 'colour: red\nsize: 1\n',
    'chart/prod.yaml': 'colour: blue\n',
    'chart/templates/cm.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}\ndata:\n  colour: {{ .Values.colour }}\n  size: "{{ .Values.size }}"\n  kube: {{ .Capabilities.KubeVersion }}\n',
  })
  const { manifests, sourceType } = await render({
    path: 'chart',
    helm: { valueFiles: ['prod.yaml'], parameters: [{ name: 'size', value: '$ARGOCD_APP_NAME' }] },
  })
  expect(sourceType).toBe('Helm')
  expect(manifests.map(({ object }) => object)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', namespace: 'shop' },
      data: { colour: 'blue', size: 'web', kube: 'v1.35.0' },
    },
  ])
})

test('a kustomization is built with its bases and the overrides of its source', async () => {
  repository.commit({
    'base/kustomization.yaml': 'resources: [cm.yaml]\n',
    'base/cm.yaml': configMap('base'),
    'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamePrefix: x-\n',
  })
  const { manifests, sourceType } = await render({
    path: 'overlays/prod',
    kustomize: { nameSuffix: '-y', namespace: 'z' },
  })
  expect(sourceType).toBe('Kustomize')
  expect(manifests.map(({ object }) => object.metadata)).toEqual([{ name: 'x-base-y', namespace: 'z' }])
})

test('a commit that touches nothing of an application renders nothing', async () => {
  repository.commit({ 'one/cm.yaml': configMap('one'), 'two/cm.yaml': configMap('two') })
  const before = [await render({ path: 'one' }), await render({ path: 'two' })]
  repository.commit({ 'two/cm.yaml': configMap('two', 'b: "2"') })
  const after = [await render({ path: 'one' }), await render({ path: 'two' })]
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toEqual(before[1])
  expect(renderer.counters).toEqual({ renders: 3, remembered: 1 })
})
